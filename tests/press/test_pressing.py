"""An article from its row to snapshots and a slip."""

import secrets
from contextlib import contextmanager
from datetime import timedelta

import brotli
import pytest
from django.db import OperationalError, connection

from broadsheet.access.terms import Audience, Reason
from broadsheet.newsroom.galleys import galley_of
from broadsheet.newsroom.models import Article
from broadsheet.press import actions, compress, filing, printing, queries
from broadsheet.press.filing import Outrun, Proof
from broadsheet.press.models import Listed, PressedFile, Pressing, Slip, Snapshot
from broadsheet.press.signals import pressed
from tests import make
from tests.press.proofs import FREE, PAID, changed, read, slip_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def article():
    return make.article(headline="The river", body=[FREE, PAID, PAID])


def test_a_pressed_article_has_a_full_cut_and_the_wall_that_strangers_meet(article, at):
    actions.press(article.pk, at=at)

    slip = slip_of(article)
    assert "zirconide" in read(slip.full_cut)
    assert list(slip.previews) == ["register"]
    assert "quillwort" in read(slip.previews["register"])
    assert (slip.story, slip.audience) == (article.story, "metered")


def test_no_sentence_from_beyond_the_cut_is_in_a_preview(article, at):
    actions.press(article.pk, at=at)
    actions.print_wall(article.address, Reason.SPENT, at=at)

    previews = [read(digest) for digest in slip_of(article).previews.values()]
    assert len(previews) == 2
    assert not any("zirconide" in preview or "larger half" in preview for preview in previews)


@pytest.mark.parametrize(
    ("audience", "walls"),
    [
        (Audience.OPEN, []),
        (Audience.REGISTERED, ["register"]),
        (Audience.METERED, ["register"]),
        (Audience.MEMBERS, ["subscribe"]),
    ],
)
def test_each_audience_has_its_wall_printed_at_once(audience, walls, at):
    article = make.article(audience=audience, body=[FREE, PAID])

    actions.press(article.pk, at=at)

    assert list(slip_of(article).previews) == walls


def test_pressing_twice_changes_nothing(article, at):
    first = actions.press(article.pk, at=at)
    second = actions.press(article.pk, at=at + timedelta(hours=1))

    assert (second.change, second.pressed_at) == (first.change, first.pressed_at)
    assert Snapshot.objects.count() == 2


def test_a_correction_is_pressed_anew_under_a_higher_number(article, at):
    first = actions.press(article.pk, at=at)
    old = slip_of(article)

    second = actions.press(changed(article, title="The other river").pk, at=at + timedelta(minutes=1))

    assert second.change > first.change
    assert slip_of(article).change > old.change
    assert "The other river" in read(slip_of(article).full_cut)


def test_what_is_replaced_is_dropped_a_day_later(article, at):
    actions.press(article.pk, at=at)
    old = slip_of(article).full_cut
    actions.press(changed(article, title="The other river").pk, at=at)

    assert actions.drop_superseded(at=at + timedelta(hours=23)) == 0
    assert actions.drop_superseded(at=at + timedelta(hours=25)) == 2
    assert not Snapshot.objects.filter(digest=old).exists()
    assert Snapshot.objects.filter(digest=slip_of(article).full_cut).exists()


def test_a_snapshot_that_is_named_again_is_kept(article, at):
    actions.press(article.pk, at=at)
    actions.press(changed(article, title="The other river").pk, at=at)
    actions.press(changed(article, title="The river", last_published_at=article.last_published_at).pk, at=at)

    actions.drop_superseded(at=at + timedelta(days=2))

    assert Snapshot.objects.filter(digest=slip_of(article).full_cut).exists()


def test_a_draft_is_not_printed(at):
    draft = make.article(live=False)

    assert actions.press(draft.pk, at=at) is None
    assert not Slip.objects.exists()


def test_an_embargo_holds_until_its_moment_and_then_the_sweep_prints(at):
    article = make.article(embargoed_until=at + timedelta(hours=1))

    assert actions.press(article.pk, at=at) is None
    assert queries.unpressed(at) == []
    assert queries.unpressed(at + timedelta(hours=1)) == [article.pk]
    assert actions.press(article.pk, at=at + timedelta(hours=1)) is not None


def test_whoever_is_pressed_is_announced_once(article, at):
    heard = []

    def hear(sender, article_id, **_):
        heard.append(article_id)

    pressed.connect(hear)
    actions.press(article.pk, at=at)
    actions.press(article.pk, at=at)
    pressed.disconnect(hear)

    assert heard == [article.pk]


# Withdrawing


def test_a_withdrawn_article_is_gone_for_everybody(article, at):
    actions.press(article.pk, at=at)
    Article.objects.filter(pk=article.pk).update(withdrawn_at=at)

    assert actions.press(article.pk, at=at) is None

    slip = slip_of(article)
    assert (slip.withdrawn, slip.full_cut, slip.previews) == (True, "", {})
    assert Pressing.objects.get().withdrawn_at == at
    assert not Listed.objects.exists()


def test_a_deleted_article_is_gone_too(article, at):
    actions.press(article.pk, at=at)
    address, pk = article.address, article.pk
    Article.objects.get(pk=pk).delete()

    actions.press(pk, at=at)

    assert Slip.objects.get(path=address).withdrawn


def test_an_article_that_is_put_back_stands_again(article, at):
    actions.press(article.pk, at=at)
    Article.objects.filter(pk=article.pk).update(withdrawn_at=at)
    actions.press(article.pk, at=at)
    Article.objects.filter(pk=article.pk).update(withdrawn_at=None)

    pressing = actions.press(article.pk, at=at)

    assert pressing.withdrawn_at is None
    assert not slip_of(article).withdrawn
    assert "zirconide" in read(slip_of(article).full_cut)


def test_withdrawing_what_is_to_be_on_the_site_does_nothing(article, at):
    actions.press(article.pk, at=at)

    assert actions.withdraw(article.pk, at=at) is None
    assert not slip_of(article).withdrawn


# Address and audience


def test_an_article_that_moves_leaves_a_sign_at_every_old_address(article, at):
    actions.press(article.pk, at=at)
    for slug in ("a-river", "the-rivers"):
        moved = Article.objects.get(pk=article.pk)
        moved.slug = slug
        moved.save()
        actions.press(article.pk, at=at)

    signs = dict(Slip.objects.exclude(moved_to="").values_list("path", "moved_to"))
    assert signs == {"/briefings/the-river/": "/briefings/the-rivers/", "/briefings/a-river/": "/briefings/the-rivers/"}
    assert not Slip.objects.exclude(moved_to="").exclude(full_cut="").exists()


def test_an_article_that_moves_back_has_its_page_again(article, at):
    actions.press(article.pk, at=at)
    for slug in ("a-river", "the-river"):
        moved = Article.objects.get(pk=article.pk)
        moved.slug = slug
        moved.save()
        actions.press(article.pk, at=at)

    assert slip_of(article).moved_to == ""
    assert Slip.objects.get(path="/briefings/a-river/").moved_to == article.address


def test_from_open_to_members_nothing_old_is_within_reach(at):
    article = make.article(audience=Audience.OPEN, body=[FREE, PAID])
    actions.press(article.pk, at=at)
    open_cut = slip_of(article).full_cut

    actions.press(changed(article, audience=Audience.MEMBERS).pk, at=at)

    slip = slip_of(article)
    assert slip.audience == "members"
    assert open_cut not in {slip.full_cut, *slip.previews.values()}
    assert "zirconide" not in read(slip.previews["subscribe"])


def test_from_members_to_metered_the_old_wall_is_gone(at):
    article = make.article(audience=Audience.MEMBERS, body=[FREE, PAID])
    actions.press(article.pk, at=at)

    actions.press(changed(article, audience=Audience.METERED).pk, at=at)

    assert list(slip_of(article).previews) == ["register"]


# Walls


def test_a_wall_is_printed_once(article, at):
    actions.press(article.pk, at=at)
    actions.print_wall(article.address, Reason.CONFIRM, at=at)
    change = slip_of(article).change

    actions.print_wall(article.address, Reason.CONFIRM, at=at)

    assert slip_of(article).change == change
    assert "confirm" in read(slip_of(article).previews["confirm"])


def test_an_open_article_has_no_wall(at):
    article = make.article(audience=Audience.OPEN)
    actions.press(article.pk, at=at)

    actions.print_wall(article.address, Reason.REGISTER, at=at)

    assert slip_of(article).previews == {}


def test_a_wall_for_an_article_whose_nudge_was_missed_is_that_of_the_live_revision(article, at):
    actions.press(article.pk, at=at)
    changed(article, title="The other river")

    actions.print_wall(article.address, Reason.SPENT, at=at)

    slip = slip_of(article)
    assert "The other river" in read(slip.previews["spent"])
    assert "The other river" in read(slip.full_cut)


def test_there_is_no_wall_at_a_path_that_nobody_knows(at):
    actions.print_wall("/briefings/nowhere/", Reason.SPENT, at=at)

    assert not Slip.objects.exists()


# Races and faults


def test_whoever_printed_before_the_row_changed_is_not_filed(article, at):
    since, state = queries.touches(), queries.states([article.pk])[article.pk]
    stale_proof = Proof(printing.print_galley(galley_of(article, at=at)), state)
    changed(article, audience=Audience.MEMBERS)

    assert filing.file_articles([stale_proof], since=since, at=at) == []
    assert not Slip.objects.exists()


def test_whoever_printed_before_somebody_else_filed_prints_again(article, at):
    since, state = queries.touches(), queries.states([article.pk])[article.pk]
    proof = Proof(printing.print_galley(galley_of(article, at=at)), state)
    actions.press(article.pk, at=at)

    with pytest.raises(Outrun):
        filing.file_articles([proof], since=since, at=at)


def test_whoever_insists_is_filed_and_due_again(article, at):
    since, state = queries.touches(), queries.states([article.pk])[article.pk]
    proof = Proof(printing.print_galley(galley_of(article, at=at)), state)
    actions.stale({"contributor:1"}, at=at)

    filing.file_articles([proof], since=since, at=at, insist=True)

    assert slip_of(article).stale_at == at
    assert actions.print_due(at=at) == 1
    assert slip_of(article).stale_at is None


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(connection.vendor != "sqlite", reason="a full disk is made by SQLite's own limit")
def test_a_full_disk_leaves_the_old_snapshot(at):
    article = make.article(headline="The river", body=[FREE, PAID])
    actions.press(article.pk, at=at)
    old = slip_of(article)
    changed(article, title="The other river", body=[("paragraph", f"<p>{secrets.token_hex(400_000)}</p>")])

    with full_disk(), pytest.raises(OperationalError, match="full"):
        actions.press(article.pk, at=at)

    assert (slip_of(article).change, slip_of(article).full_cut) == (old.change, old.full_cut)
    assert "The river" in read(old.full_cut)
    assert queries.unpressed(at) == [article.pk]
    assert actions.press(article.pk, at=at).change > 1


@contextmanager
def full_disk():
    with connection.cursor() as cursor:
        pages = cursor.execute("PRAGMA page_count").fetchone()[0]
        cursor.execute(f"PRAGMA max_page_count = {pages + 5}")
    yield
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA max_page_count = 1000000")


def test_the_sweep_finds_what_was_missed(article, at):
    actions.press(article.pk, at=at)
    corrected = make.article(headline="The lake")
    actions.press(corrected.pk, at=at)
    changed(corrected, title="The larger lake")
    missing = make.article(headline="The sea")
    Article.objects.filter(pk=article.pk).update(live=False)
    asked = []

    found = actions.press_stale(at=at, press_one=asked.append)

    assert (found, asked) == (3, [corrected.pk, missing.pk])
    assert slip_of(article).withdrawn


def test_the_sweep_has_nothing_to_do_after_a_correction_that_prints_the_same(article, at):
    actions.press(article.pk, at=at)
    Article.objects.filter(pk=article.pk).update(live_revision=article.save_revision())
    assert queries.unpressed(at) == [article.pk]

    actions.press(article.pk, at=at)

    assert queries.unpressed(at) == []


# Many at once


def test_many_are_pressed_as_one_by_one(at):
    articles = [make.article(kind, body=[FREE, PAID]) for kind in ("briefing", "column", "interview", "report") for _ in range(2)]
    told = []

    run = actions.press_many([article.pk for article in articles], at=at, progress=told.append)

    assert (run.pressed, run.unchanged, sum(told)) == (8, 0, 8)
    for article in articles:
        before = slip_of(article).full_cut
        actions.press(article.pk, at=at)
        assert slip_of(article).full_cut == before


def test_pressing_many_again_prints_only_what_changed(at):
    articles = [make.article() for _ in range(3)]
    ids = [article.pk for article in articles]
    actions.press_many(ids, at=at)
    changed(articles[1], title="Another headline")

    run = actions.press_many(ids, at=at)

    assert (run.pressed, run.unchanged) == (1, 2)


def test_a_run_that_was_killed_goes_on_where_it_was(at, monkeypatch):
    monkeypatch.setattr("broadsheet.press.runs.AT_ONCE", 2)
    ids = [make.article().pk for _ in range(5)]

    def killed_at_four(_count):
        if Pressing.objects.count() == 4:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        actions.press_many(ids, at=at, progress=killed_at_four)
    run = actions.press_many(ids, at=at)

    assert (run.pressed, run.unchanged) == (1, 4)
    assert Slip.objects.count() == 5


def test_among_many_what_is_not_to_be_printed_is_left_out(article, at):
    draft = make.article(live=False)
    withdrawn = make.article()
    actions.press(withdrawn.pk, at=at)
    Article.objects.filter(pk=withdrawn.pk).update(withdrawn_at=at)

    run = actions.press_many([article.pk, draft.pk, withdrawn.pk, 999_999], at=at)

    assert run.pressed == 1
    assert slip_of(withdrawn).withdrawn


def test_many_that_show_one_another_are_not_due_again_at_once(at):
    country = make.country()
    ids = [make.article(countries=[country], at=at - timedelta(days=day)).pk for day in range(5)]

    actions.press_many(ids, at=at)

    assert list(queries.due(at)) == []


# Upkeep


def test_a_squeezed_snapshot_says_the_same_in_fewer_bytes(article, at):
    actions.press(article.pk, at=at)
    before = {snapshot.digest: bytes(snapshot.brotli) for snapshot in Snapshot.objects.all()}

    assert actions.squeeze(most=10) == 2
    assert actions.squeeze(most=10) == 0

    for snapshot in Snapshot.objects.all():
        assert brotli.decompress(bytes(snapshot.brotli)) == brotli.decompress(before[snapshot.digest])
        assert len(snapshot.brotli) <= len(before[snapshot.digest])


def test_a_snapshot_is_named_by_what_it_says():
    assert compress.pack("same") == compress.pack("same")
    assert compress.pack("same").digest != compress.pack("other").digest
    assert len(compress.pack("same").digest) == 32


def test_files_of_an_article_are_known_with_what_they_cost(at):
    article = make.article(audience=Audience.MEMBERS)
    actions.press(article.pk, at=at)
    PressedFile.objects.create(path="/media/images/gauge.avif", article_id=article.pk, free=False)

    (shown,) = queries.articles_showing("/media/images/gauge.avif")

    assert (shown.story, shown.audience, shown.free) == (article.story, "members", False)
    assert queries.articles_showing("/media/images/other.avif") == []
