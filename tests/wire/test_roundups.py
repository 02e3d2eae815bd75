"""A day's picks become an article: by hand or at its hour, once, corrected when they change, and part of the next Daily."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from selectolax.lexbor import LexborHTMLParser
from wagtail.models import Revision

from broadsheet.access.terms import Audience
from broadsheet.newsletters.actions import making
from broadsheet.newsletters.models import Edition
from broadsheet.newsroom.actions import take_back
from broadsheet.newsroom.galleys import galley_of
from broadsheet.newsroom.models import Roundup
from broadsheet.press.actions import press
from broadsheet.wire.actions import arranging, picking, rivals, roundups, unpicking
from broadsheet.wire.actions.roundups import NothingPicked, TakenBack
from broadsheet.wire.models import DayOfLinks, Pick, WireRules
from tests import cast, make
from tests.newsletters import make as newsletters
from tests.wire import stories

pytestmark = pytest.mark.django_db
LONDON = ZoneInfo("Europe/London")
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
OUTLETS = ("The Gazette", "Le Journal", "Die Warte", "The Herald")


@pytest.fixture
def carlo(at):
    return cast.carlo(at)


@pytest.fixture
def day(carlo, at):
    """Monday's, with three picks made at seven, an hour and a quarter late."""
    kenya = make.country("Kenya", regions=[make.region()])
    told = stories.story("The dam", outlets=OUTLETS)
    for item in told.items.order_by("pk")[:3]:
        chosen = picking.pick(item, by=carlo, at=at - HOUR, zone=LONDON)
        picking.edit(chosen.pk, {"note": f"Why {item.outlet}.", "countries": [kenya]}, touched=0, shown={})
    rivals.add(Pick.objects.first(), told.items.get(outlet="The Herald"), zone=LONDON)
    return DayOfLinks.objects.get()


def printed(article, at):
    press(article.pk, at=at)
    return LexborHTMLParser(galley_of(Roundup.objects.get(pk=article.pk)).free)


def published(day, at, **rules):
    WireRules.objects.update_or_create(defaults=rules)
    return roundups.publish(DayOfLinks.objects.get(pk=day.pk), by=None, at=at)


# The article


def test_a_day_s_picks_make_an_article(day, at):
    arranging.write_the_day(day, title="", introduction="Of dams.\n\nAnd of <gauges>.")
    article = published(day, at, audience="open")
    page = printed(article, at)

    assert (article.title, article.address, article.dated_at) == ("Daily Links, 2 March", "/roundups/daily-links-2026-03-02/", at)
    assert article.standfirst == "Three pieces worth your time, from The Gazette, Le Journal and Die Warte."
    assert [node.text() for node in page.css("p:not([class]):not(div p)")][:2] == ["Of dams.", "And of <gauges>."]
    assert [node.text() for node in page.css("li.outward > a")] == ["The dam"] * 3
    assert [node.text() for node in page.css(".outward-note")] == ["Why The Gazette.", "Why Le Journal.", "Why Die Warte."]
    assert [node.text() for node in page.css(".outward-rivals cite")] == ["The Herald"]
    assert [str(row) for row in (*article.countries.all(), article.main_country)] == ["Kenya", "Kenya"]


def test_its_standfirst_is_the_editors_where_one_was_written(day, at):
    arranging.write_the_day(day, standfirst="Of dams, and who drinks from them.")
    article = published(day, at, audience="members")
    press(article.pk, at=at)

    assert article.standfirst == "Of dams, and who drinks from them."
    assert article.standfirst in cast.vera().get(article.address).content.decode()
    feed = cast.vera().get("/roundups/feed.rss").content.decode()
    assert article.standfirst in feed


def test_it_is_for_whom_the_house_rule_says_and_by_who_writes_for_us_under_their_name(day, at, carlo):
    carlo.first_name, carlo.last_name = "Carlo", "Quill"
    carlo.save()
    writer = make.contributor("Carlo Quill")
    article = published(day, at, audience="members")

    assert Audience(article.audience) is Audience.MEMBERS
    assert [line.contributor for line in article.bylines.all()] == [writer]


def test_a_curator_publishes_it_who_may_publish_nothing_else(day, at, carlo):
    assert roundups.publish(day, by=carlo, at=at).live


def test_published_twice_is_published_once(day, at):
    first = published(day, at)
    revisions = Revision.objects.count()

    assert published(day, at + HOUR) == first
    assert Revision.objects.count() == revisions
    assert Roundup.objects.count() == 1


def test_what_was_picked_later_is_added_to_the_same_article(day, at, carlo):
    first = published(day, at, audience="open")
    fourth = stories.story("The gauge", outlets=("The Post",)).items.get()
    WireRules.objects.update(roundup_at=time(9))  # its hour is not over: still today's
    picking.pick(fourth, by=carlo, at=at, zone=LONDON)
    again = published(day, at + HOUR)

    assert (again.pk, again.dated_at, again.title) == (first.pk, at, first.title)
    assert [node.text() for node in printed(again, at).css("li.outward > a")][-1] == "The gauge"


def test_what_an_editor_wrote_on_the_articles_own_form_stays(day, at):
    article = published(day, at)
    make.published(article, editors_note="An editor’s note.", audience="open")
    unpicking.unpick(Pick.objects.first(), by=None, at=at)
    again = published(day, at + HOUR)

    assert (again.editors_note, again.audience, len(again.links)) == ("An editor’s note.", "open", 2)


def test_what_an_editor_wrote_and_has_not_published_stays_a_draft(day, at):
    article = published(day, at)
    article.editors_note = "Not yet."
    draft = article.save_revision()
    unpicking.unpick(Pick.objects.first(), by=None, at=at)
    again = published(day, at + HOUR)

    assert (again.editors_note, len(again.links)) == ("", 2)
    assert (again.has_unpublished_changes, again.latest_revision) == (True, draft)


def test_an_empty_day_and_one_that_was_taken_back_are_not_published(day, at):
    with pytest.raises(NothingPicked):
        roundups.publish(DayOfLinks.objects.create(day=date(2026, 3, 4)), by=None, at=at)
    take_back(published(day, at), by=None, at=at)

    with pytest.raises(TakenBack):
        published(day, at)


def test_an_address_that_somebody_took_is_left_to_them(day, at):
    make.article("roundup", headline="Another", slug="daily-links-2026-03-02")

    assert published(day, at).address == "/roundups/daily-links-2026-03-02-2/"


# At its hour


def due(at, **rules):
    WireRules.objects.update_or_create(defaults={"roundup_at": time(7, 30), "least_picks": 3} | rules)
    return roundups.publish_due(at=at, zone=LONDON)


def test_it_goes_out_at_its_hour_and_never_twice(day, at):
    assert due(at - timedelta(minutes=31)) is None  # 07:29
    article = due(at)  # a worker that was late

    assert article == Roundup.objects.get()
    assert due(at + HOUR) is None
    unpicking.unpick(Pick.objects.first(), by=None, at=at)
    assert due(at + 2 * HOUR) is None


@pytest.mark.parametrize("rules", [{"least_picks": 4}, {"roundup_at": None}, {"roundup_at": time(6)}])
def test_it_waits_for_somebody_where_too_little_was_picked_by_its_hour(day, at, rules):
    assert due(at, **rules) is None


def test_it_waits_while_somebody_holds_it(day, at):
    arranging.hold(day, at=at)
    assert due(at) is None

    arranging.hold(day, at=None)
    assert due(at) is not None


def test_what_was_picked_in_an_afternoon_goes_out_the_next_morning(day, at):
    assert due(at, roundup_at=time(6)) is None
    tomorrow = datetime(2026, 3, 3, 6, tzinfo=LONDON)

    assert due(tomorrow, roundup_at=time(6)).title == "Daily Links, 3 March"


def test_nothing_goes_out_at_a_weekend(day, at):
    assert due(at + 5 * DAY) is None
    assert due(at + 7 * DAY).title == "Daily Links, 9 March"


# In the Daily


def test_it_is_in_the_next_edition_of_the_daily(day, at):
    daily = newsletters.newsletter()
    making.open_editions(at=at - 3 * HOUR, zone=LONDON)
    edition = Edition.objects.get(newsletter=daily, goes_on=date(2026, 3, 2))
    article = published(day, edition.due_at - timedelta(minutes=15))
    press(article.pk, at=edition.due_at - timedelta(minutes=15))
    making.assemble(edition, at=edition.due_at - timedelta(minutes=5))

    links = edition.items.filter(slot="links").order_by("sort_order")
    assert [(link.headline, link.outlet, link.standfirst) for link in links] == [
        ("The dam", outlet, f"Why {outlet}.") for outlet in OUTLETS[:3]
    ]
