"""Scheduling, taking back and putting back."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.db import IntegrityError
from django_tasks import TaskResultStatus
from django_tasks_db.models import DBTaskResult
from wagtail.actions.copy_page import CopyPageAction
from wagtail.models import PageLogEntry, ReferenceIndex, Revision

from broadsheet.newsroom import tasks
from broadsheet.newsroom.actions import (
    AlreadyTakenBack,
    NotTakenBack,
    due,
    nudge_lifted_embargoes,
    publish_due,
    publish_one,
    put_back,
    take_back,
)
from broadsheet.newsroom.models import Article, NewsroomRules
from broadsheet.newsroom.queries import printable
from broadsheet.newsroom.signals import article_changed, key_changed
from tests import make
from tests.newsroom.errands import work_off

pytestmark = pytest.mark.django_db
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def row(article):
    return Article.objects.get(pk=article.pk)


def scheduled(*, at, **fields):
    """An article that an editor scheduled on the desk."""
    article = make.article(live=False, **fields)
    article.go_live_at = at
    article.save_revision().publish()
    return article


def unpublishable(*, at):
    article = scheduled(at=at)
    Revision.objects.filter(object_id=str(article.pk)).update(content={"pk": article.pk})
    return article


def tick(at):
    """The worker's clock strikes, and its errands are done."""
    with time_machine.travel(at, tick=False):
        tasks.publish_due.enqueue()
        work_off()


def errands():
    return DBTaskResult.objects.filter(task_path=tasks.publish_one.module_path)


@pytest.fixture
def nudges(django_capture_on_commit_callbacks):
    heard = []

    def hear(sender, signal, **carried):
        heard.append(carried.get("article_id") or carried.get("key"))

    article_changed.connect(hear)
    key_changed.connect(hear)
    yield heard
    article_changed.disconnect(hear)
    key_changed.disconnect(hear)


@pytest.fixture(autouse=True)
def machine(at):
    """The machine's clock stands at `at`; the publication's may be ahead of it."""
    with time_machine.travel(at, tick=False):
        yield


def test_what_is_scheduled_is_published_at_its_moment_and_not_before(at):
    article = scheduled(at=at + DAY)

    assert publish_due(at=at + DAY - timedelta(seconds=1)) == []
    assert not row(article).live
    assert publish_due(at=at + DAY) == [article.pk]
    assert (row(article).live, row(article).has_unpublished_changes) == (True, False)


def test_of_two_drafts_scheduled_for_one_moment_the_newer_is_published_and_no_draft_is_left(at):
    article = scheduled(at=at + DAY)
    article.title = "Written later"
    article.save_revision(approved_go_live_at=at + DAY)

    assert publish_due(at=at + DAY) == [article.pk]
    assert (row(article).title, row(article).has_unpublished_changes) == ("Written later", False)


def test_an_article_is_dated_at_the_moment_for_which_it_was_scheduled(at):
    article = scheduled(at=at + DAY)
    publish_due(at=at + DAY + HOUR)

    assert row(article).dated_at == at + DAY


def test_the_publications_clock_may_be_ahead_of_the_machines(at):
    article = scheduled(at=at + 30 * DAY)
    publish_due(at=at + 31 * DAY)
    changed = make.published(row(article).specific, title="Changed afterwards")

    assert changed.live
    assert changed.title == "Changed afterwards"
    assert changed.dated_at == at + 30 * DAY


def test_publishing_what_is_due_twice_does_nothing_more(at):
    scheduled(at=at + HOUR)

    assert len(publish_due(at=at + HOUR)) == 1
    assert publish_due(at=at + HOUR) == []


def test_a_scheduled_change_to_a_live_article_keeps_its_date(at):
    article = make.article(at=at - DAY)
    draft = article.get_latest_revision_as_object()
    draft.title, draft.go_live_at = "Corrected", at + DAY
    draft.save_revision().publish()
    publish_due(at=at + DAY)

    assert row(article).title == "Corrected"
    assert row(article).dated_at == at - DAY


def test_what_expires_is_unpublished(at):
    article = make.article(expire_at=at + HOUR)
    publish_due(at=at + HOUR)

    assert not row(article).live
    assert row(article).expired


def test_the_first_publishing_dates_an_article_and_the_second_leaves_its_date(at):
    article = make.article(live=False)
    make.published(article)
    with time_machine.travel(at + DAY, tick=False):
        later = make.published(row(article).specific, title="Later")

    assert later.title == "Later"
    assert later.dated_at == at


def test_an_older_draft_cannot_undo_what_happened_to_the_article(at):
    article = make.article(at=at - DAY)
    draft = article.save_revision()
    take_back(article, by=None, at=at)

    assert Revision.objects.get(pk=draft.pk).as_object().withdrawn_at == at


def test_taking_back_unpublishes_and_says_why(at):
    article = make.article()
    take_back(article, by=None, at=at, reason="The source withdrew it.")

    assert (row(article).live, row(article).withdrawn_at) == (False, at)
    assert PageLogEntry.objects.get(action="newsroom.take_back").data["reason"] == "The source withdrew it."
    with pytest.raises(AlreadyTakenBack):
        take_back(article, by=None, at=at)


def test_what_was_taken_back_is_put_back_as_it_was(at):
    article = make.article(at=at - DAY, headline="As it was", corrections=["Not 3."], countries=[make.country()])
    take_back(article, by=None, at=at)
    put_back(article, by=None, at=at + HOUR)

    assert (row(article).live, row(article).withdrawn_at, row(article).dated_at) == (True, None, at - DAY)
    assert row(article).title == "As it was"
    assert row(article).corrections.count() == 1
    with pytest.raises(NotTakenBack):
        put_back(article, by=None, at=at)


def test_publishing_a_draft_does_not_put_back_what_was_taken_back(at):
    article = make.article()
    take_back(article, by=None, at=at)
    make.published(row(article).specific)

    assert not printable(at=at).filter(pk=article.pk).exists()


def test_an_embargo_hides_what_is_published_until_its_moment_and_nudges_then(at, nudges):
    article = make.article(embargoed_until=at + HOUR)

    assert not printable(at=at).exists()
    assert printable(at=at + HOUR).get().pk == article.pk
    assert nudge_lifted_embargoes(since=at, at=at + HOUR) == [article.pk]
    assert nudge_lifted_embargoes(since=at + HOUR, at=at + 2 * HOUR) == []
    assert nudges == [article.pk]


def test_whoever_listens_is_told_after_the_rows_are_committed(at, nudges, django_capture_on_commit_callbacks):
    article, kenya = make.article(), make.country()
    with django_capture_on_commit_callbacks(execute=True):
        make.published(article)
        take_back(article, by=None, at=at)
        kenya.save()
        kenya.regions.add(make.region())
        assert nudges == []

    assert nudges.count(article.pk) == 2
    assert nudges.count(f"country:{kenya.pk}") == 2


def test_a_picture_whose_text_changed_nudges_whatever_shows_it(at, nudges, django_capture_on_commit_callbacks):
    picture, other = make.image(), make.image("Another")
    shown = {"image": picture.pk, "alt": "", "caption": "", "credit": ""}
    with django_capture_on_commit_callbacks(execute=True):
        head, body, neither = make.article(lead_image=picture), make.article(), make.article(lead_image=other)
        body.body = [*body.body.raw_data, {"type": "picture", "value": shown}]
        body.save()
        ReferenceIndex.create_or_update_for_object(body)  # as the worker does
        writer = make.contributor(photograph=picture)
    nudges.clear()
    with django_capture_on_commit_callbacks(execute=True):
        picture.description = "The dam at noon, half empty."
        picture.save()

    assert {head.pk, body.pk, f"contributor:{writer.pk}"} <= set(nudges)
    assert neither.pk not in nudges


def test_what_is_only_scheduled_nudges_nobody(at, nudges, django_capture_on_commit_callbacks):
    article = make.article(live=False, headline="Later")
    with django_capture_on_commit_callbacks(execute=True):
        article.go_live_at = datetime(2027, 1, 1, tzinfo=UTC)
        article.save_revision().publish()

    assert article.pk not in nudges


def test_one_revision_that_cannot_be_published_holds_up_none(at):
    broken, sound = unpublishable(at=at + HOUR), scheduled(at=at + 2 * HOUR)

    tick(at + DAY)

    assert row(sound).live
    assert not row(broken).live
    assert sorted(errands().values_list("status", flat=True)) == [TaskResultStatus.FAILED, TaskResultStatus.SUCCESSFUL]


def test_what_cannot_be_published_is_tried_again_after_a_pause_that_grows(at):
    unpublishable(at=at + HOUR)
    tried = []
    for seconds in range(0, 600, 10):
        tick(at + DAY + timedelta(seconds=seconds))
        tried.append(errands().count())

    assert [10 * tried.index(number) for number in (1, 2, 3, 4, 5)] == [0, 20, 60, 140, 300]
    assert tried[-1] == 5


def test_what_can_be_published_again_is(at):
    broken = unpublishable(at=at + HOUR)
    tick(at + DAY)
    broken.go_live_at = at + 2 * HOUR
    broken.save_revision().publish()
    tick(at + DAY)

    assert row(broken).live


def test_all_that_is_due_is_tried_before_a_trouble_is_raised(at):
    broken, sound = unpublishable(at=at + HOUR), scheduled(at=at + 2 * HOUR)
    gone = make.article(expire_at=at + HOUR)

    with pytest.raises(ValidationError):
        publish_due(at=at + DAY)

    assert [row(article).live for article in (broken, sound, gone)] == [False, True, False]


def test_a_schedule_that_was_put_off_is_not_published_by_an_errand_under_way(at):
    article = scheduled(at=at + HOUR)
    (revision,) = due(at=at + DAY)
    Revision.objects.filter(pk=revision).update(approved_go_live_at=at + 9 * DAY)

    assert publish_one(revision, at=at + DAY) is None
    assert not row(article).live


def test_a_copy_is_no_import_has_no_date_and_was_not_taken_back(at):
    article = make.article(source="library", source_id="one", source_digest="d", withdrawn_at=at, embargoed_until=at + DAY)
    article.save_revision()

    copy = CopyPageAction(article, update_attrs={"slug": "a-copy"}, keep_live=False).execute().specific

    assert (copy.source, copy.source_id, copy.source_digest, copy.dated_at, copy.withdrawn_at) == ("", "", "", None, None)
    assert copy.get_latest_revision_as_object().dated_at is None
    assert copy.body.raw_data == article.body.raw_data


def test_a_live_copy_stays_under_the_embargo_of_its_text(at):
    article = make.article(source="library", source_id="one", embargoed_until=at + DAY)

    copy = CopyPageAction(article, update_attrs={"slug": "a-copy"}, keep_live=True).execute()

    assert not printable(at=at).filter(pk=copy.pk).exists()
    assert row(copy).dated_at == at


@pytest.mark.parametrize(
    ("field", "wrong"), [("listing_length", 0), ("cut_words", 19), ("cut_words", 1001), ("related_articles", 13)]
)
def test_neither_the_desk_nor_the_table_takes_a_rule_out_of_bounds(field, wrong):
    rules = NewsroomRules(**{field: wrong})

    with pytest.raises(ValidationError, match="Ensure this value"):
        rules.clean_fields()
    with pytest.raises(IntegrityError):
        rules.save()
