"""Editions open ahead, fill themselves, and keep what the editor did."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from broadsheet.access.terms import Audience
from broadsheet.newsletters.actions import going_out, making
from broadsheet.newsletters.assembling import Found, offered
from broadsheet.newsletters.composing import compose
from broadsheet.newsletters.models import Edition, Rest
from broadsheet.press.actions import press
from tests import make
from tests.newsletters import make as made

LONDON = ZoneInfo("Europe/London")
HOUR = timedelta(hours=1)
pytestmark = pytest.mark.django_db


@pytest.fixture
def edition(daily, at):
    """Tomorrow's: `at` is a Monday at eight."""
    making.open_editions(at=at, zone=LONDON)
    return Edition.objects.get(goes_on=date(2026, 3, 3))


def heads(edition, slot):
    shown = edition.items.filter(slot=slot, dropped=False).order_by("sort_order")
    return [item.headline or item.article.title for item in shown]


# Opening


def test_the_next_two_are_open_and_looking_again_opens_no_more(daily, at):
    assert making.open_editions(at=at, zone=LONDON) == 2
    assert making.open_editions(at=at + HOUR, zone=LONDON) == 0

    assert [f"{one.due_at:%m-%d %H:%M}" for one in Edition.objects.order_by("due_at")] == ["03-03 06:00", "03-04 06:00"]


def test_an_hour_that_was_changed_moves_what_is_ahead(daily, at):
    making.open_editions(at=at, zone=LONDON)
    daily.goes_at = time(7, 30)
    daily.save()
    making.open_editions(at=at, zone=LONDON)

    assert [f"{one.due_at:%H:%M}" for one in Edition.objects.all()] == ["07:30", "07:30"]


def test_an_hour_that_was_moved_into_the_past_takes_nothing_away(daily, edition):
    daily.goes_at = time(5, 30)
    daily.save()
    making.open_editions(at=edition.due_at - HOUR / 6, zone=LONDON)

    shown = [f"{one.due_at:%m-%d %H:%M}" for one in Edition.objects.order_by("due_at")]
    assert shown == ["03-03 06:00", "03-04 05:30", "03-05 05:30"]


def test_an_edition_that_was_let_go_at_another_hour_keeps_it(edition, at):
    going_out.let_go(edition, due_at=edition.due_at + 3 * HOUR, at=at)
    making.open_editions(at=at, zone=LONDON)

    assert f"{Edition.objects.get(pk=edition.pk).due_at:%H:%M}" == "09:00"


def test_of_two_editors_each_keeps_what_the_other_did_not_touch(edition):
    making.write(edition, subject="One’s", note="One’s")
    making.write(edition, subject="The other’s")

    edition.refresh_from_db()
    assert (edition.subject, edition.preheader, edition.note) == ("The other’s", "", "One’s")


def test_a_day_of_rest_takes_its_edition_away_but_not_what_an_editor_began(daily, edition, at):
    Rest.objects.create(first_on=date(2026, 3, 3), last_on=date(2026, 3, 4))
    making.write(Edition.objects.get(goes_on=date(2026, 3, 4)), subject="Begun", preheader="", note="")
    making.open_editions(at=at, zone=LONDON)

    assert [one.goes_on.day for one in Edition.objects.order_by("due_at")] == [4, 5, 6]


def test_a_breaking_note_is_opened_by_hand_once_a_day(at):
    note = made.newsletter("Breaking", slug="breaking", rhythm="by-hand")
    making.open_editions(at=at, zone=LONDON)
    opened = [making.open_by_hand(note, due_at=at + delay, at=at, zone=LONDON) for delay in (HOUR, 2 * HOUR)]

    assert opened == [(Edition.objects.get(), True), (Edition.objects.get(), False)]
    assert Edition.objects.get().due_at == at + HOUR


def test_one_that_was_cancelled_before_it_began_leaves_its_day_to_another(at):
    note = made.newsletter("Breaking", slug="breaking", rhythm="by-hand")
    first, _ = making.open_by_hand(note, due_at=at + HOUR, at=at, zone=LONDON)
    going_out.cancel(first, at=at)

    second, is_new = making.open_by_hand(note, due_at=at + 2 * HOUR, at=at, zone=LONDON)
    assert is_new
    assert (second.goes_on, second.due_at) == (first.goes_on, at + 2 * HOUR)


def test_one_that_was_cancelled_on_its_way_keeps_its_day_and_its_address(at):
    note = made.newsletter("Breaking", slug="breaking", rhythm="by-hand")
    first, _ = making.open_by_hand(note, due_at=at + HOUR, at=at, zone=LONDON)
    Edition.objects.filter(pk=first.pk).update(begun_at=at + HOUR, cancelled_at=at + HOUR)

    assert making.open_by_hand(note, due_at=at + 2 * HOUR, at=at, zone=LONDON) == (first, False)


# By rule


def test_it_fills_itself_with_what_came_out_since_the_last_one_the_newest_first(edition, printed, at):
    for hours, headline in ((30, "Before"), (3, "First"), (2, "Second"), (1, "Third")):
        printed(headline=headline, at=at - hours * HOUR / 2)
    printed("note", headline="A short note", at=at)
    printed("report", headline="A long report", at=at - 48 * HOUR)

    making.assemble(edition, at=at)

    assert heads(edition, "top") == ["Third"]
    assert heads(edition, "articles") == ["A short note", "Second", "First"]
    assert heads(edition, "report") == ["A long report"]


def test_what_leads_the_front_page_is_the_top_story(edition, printed, at):
    lead = printed(headline="Lead", at=at - 2 * HOUR)
    printed(headline="Newer", at=at - HOUR)
    front = make.site()
    front.lead = lead
    front.save()

    making.assemble(edition, at=at)

    assert heads(edition, "top") == ["Lead"]


def test_nothing_is_sent_twice_by_rule(edition, daily, printed, at):
    printed(headline="Of Monday", at=at)
    making.assemble(edition, at=at)
    after = Edition.objects.get(goes_on=date(2026, 3, 4))
    printed(headline="Of Tuesday", at=edition.due_at + HOUR)

    making.assemble(after, at=at)

    assert heads(after, "top") == ["Of Tuesday"]
    assert heads(after, "articles") == []


def test_what_an_edition_that_missed_its_hour_would_have_had_is_news_to_the_next(edition, daily, printed, at):
    made.edition(daily, goes_on=date(2026, 3, 2))
    printed(headline="Of Monday", at=at)
    after = Edition.objects.get(goes_on=date(2026, 3, 4))
    going_out.pause(edition, at=at)
    making.assemble(after, at=edition.due_at - HOUR)
    assert heads(after, "top") == []

    making.assemble(after, at=edition.due_at + HOUR)
    assert heads(after, "top") == ["Of Monday"]


def test_a_region_s_weekly_has_what_is_told_of_the_region(printed, at):
    africa = make.region("Africa")
    weekly = made.newsletter("Africa weekly", slug="africa", rhythm="weekly", weekday=4, regions=[africa])
    making.open_editions(at=at, zone=LONDON)
    printed(headline="Of Africa", regions=[africa])
    printed(headline="Of elsewhere")
    edition = Edition.objects.filter(newsletter=weekly).earliest("due_at")

    making.assemble(edition, at=at)

    assert heads(edition, "top") == ["Of Africa"]
    assert heads(edition, "articles") == []


def test_links_are_those_of_the_roundup(edition, printed, at):
    value = {"headline": "Elsewhere", "url": "https://example.org/a", "outlet": "A Paper", "author": "", "minutes": 4}
    value |= {"paywalled": True, "note": "Read it for the map."}
    roundup = printed("roundup", headline="Links", links=[("link", value)])

    making.assemble(edition, at=at)

    link = edition.items.get(slot="links")
    assert (link.url, link.outlet, link.minutes, link.paywalled) == ("https://example.org/a", "A Paper", 4, True)
    assert not edition.items.filter(article=roundup).exists()


def test_an_article_that_leads_in_the_meantime_goes_to_the_top(edition, printed, at):
    old = printed(headline="Old", at=at - HOUR)
    making.assemble(edition, at=at)
    printed(headline="New", at=at)

    making.assemble(edition, at=at)

    assert heads(edition, "top") == ["New"]
    assert heads(edition, "articles") == [old.title]


def test_what_is_withdrawn_is_printed_no_more(edition, printed, at):
    article = printed(headline="Gone")
    making.assemble(edition, at=at)
    article.withdrawn_at = at
    article.save()
    press(article.pk, at=at)

    assert compose(edition, at=at).lines == ()


# By hand


def test_what_a_hand_took_out_no_rule_puts_back(edition, printed, at):
    printed(headline="Wanted", at=at - HOUR)
    printed(headline="Unwanted", at=at)
    making.assemble(edition, at=at)
    making.drop(edition, item_id=edition.items.get(article__title="Unwanted").pk)

    making.assemble(edition, at=at)

    assert heads(edition, "top") == ["Wanted"]
    assert heads(edition, "articles") == []


def test_what_a_hand_arranged_stays_and_what_is_new_comes_behind(edition, printed, at):
    for hours, headline in ((4, "Lead"), (3, "A"), (2, "B")):
        printed(headline=headline, at=at - hours * HOUR / 4)
    making.assemble(edition, at=at)
    lead, a = (edition.items.get(article__title=title) for title in ("Lead", "A"))
    making.place(edition, item_id=lead.pk, slot="top", before=edition.items.get(slot="top").pk)
    making.place(edition, item_id=a.pk, slot="articles", before=None)
    printed(headline="C", at=at)

    making.assemble(edition, at=at)

    assert heads(edition, "top") == ["Lead", "B"]
    assert heads(edition, "articles") == ["A", "C"]


def test_an_editor_may_put_in_an_older_article_or_a_link_and_take_it_out(edition, printed, at):
    older = printed(headline="Older", at=at - 900 * HOUR)
    put = making.put_in(edition, slot="articles", article=older.pk)
    making.put_in(edition, slot="links", link=Found(url="https://example.org/b", headline="A link", outlet="A Paper"))
    making.assemble(edition, at=at)

    assert heads(edition, "articles") == ["Older"]
    assert heads(edition, "links") == ["A link"]
    making.drop(edition, item_id=put.pk)
    assert heads(edition, "articles") == []
    assert making.put_in(edition, slot="top", article=older.pk) == put
    assert heads(edition, "top") == ["Older"]


def test_a_link_that_is_put_in_again_stands_once_with_its_new_words(edition):
    for headline in ("First", "Better"):
        making.put_in(edition, slot="links", link=Found(url="https://example.org/b", headline=headline, outlet="A Paper"))

    assert heads(edition, "links") == ["Better"]


def test_a_note_opens_with_what_is_new_and_goes_as_it_was_seen(daily, printed, at):
    printed(headline="New", at=at - HOUR)
    daily.rhythm = "by-hand"
    daily.save()
    edition, is_new = making.open_by_hand(daily, due_at=at + HOUR, at=at, zone=UTC)
    assert (is_new, heads(edition, "top")) == (True, ["New"])

    edition.items.all().delete()
    making.write(edition, note="The strait was closed.")
    going_out.let_go(Edition.objects.get(), due_at=at + HOUR, at=at)
    making.assemble(edition, at=at)

    assert not edition.items.exists()


def test_what_stands_nowhere_in_it_is_offered(edition, printed, at):
    shown, left_out = printed(headline="Shown", at=at), printed(headline="Left out", at=at - HOUR)
    making.assemble(edition, at=at)
    making.drop(edition, item_id=edition.items.get(article=left_out).pk)

    assert [teaser.id for teaser in offered(edition, edition.items.all(), at=at)] == [left_out.pk]
    assert shown.pk


def test_nothing_changes_once_it_has_begun(edition, printed, at):
    printed(headline="In it")
    making.assemble(edition, at=at)
    Edition.objects.filter(pk=edition.pk).update(begun_at=at)
    printed(headline="Too late", at=at + HOUR)

    making.assemble(edition, at=at)

    assert heads(edition, "top") == ["In it"]
    with pytest.raises(making.AlreadyBegun):
        making.write(edition, subject="Late", preheader="", note="")


# As a value


def test_it_is_composed_with_the_editor_s_words_and_both_parts_of_the_top_story(edition, printed, at):
    printed(headline="Top", at=at, audience=Audience.MEMBERS, body=["Free part. " * 80, "Beyond. " * 80, "Beyond. " * 80])
    printed(headline="Next", at=at - HOUR)
    making.assemble(edition, at=at)
    making.write(edition, subject=" A line\r\nBcc: x ", preheader="", note="First.\n\nSecond.")
    edition.refresh_from_db()

    composed = compose(edition, at=at)

    assert composed.subject == "A line Bcc: x"
    assert composed.preheader == "Next"
    assert composed.note == ("First.", "Second.")
    assert (composed.top.line.headline, composed.top.line.for_members) == ("Top", True)
    assert "Beyond" in composed.top.rest
    assert "Beyond" not in composed.top.free
    assert [part.title for part in composed.parts] == ["Also today"]
    assert composed.goes_on == date(2026, 3, 3)
    assert edition.due_at == datetime(2026, 3, 3, 6, tzinfo=UTC)
