"""What its owner wants nowhere here is nowhere, and what is older than the house keeps is forgotten."""

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from wagtail.models import Revision

from broadsheet.newsletters.models import Item as Placed
from broadsheet.newsroom.actions import put_back, take_back
from broadsheet.newsroom.models import Roundup
from broadsheet.press.actions import press
from broadsheet.press.queries import standing
from broadsheet.wire import links_beside
from broadsheet.wire.actions import arranging, picking, refusing, rivals, roundups
from broadsheet.wire.actions.refusing import NotAnAddress, TooWide, key_refused
from broadsheet.wire.models import DayOfLinks, Deed, Direction, Item, Pick, Poll, Refusal, Story, WireRules
from tests import cast, make
from tests.newsletters import make as newsletters
from tests.wire import stories

pytestmark = pytest.mark.django_db
LONDON = ZoneInfo("Europe/London")
DAY = timedelta(days=1)


@pytest.fixture
def carlo(at):
    return cast.carlo(at)


@pytest.fixture
def told():
    """One story, told by two outlets, at addresses of their own."""
    story = stories.story("The dam", outlets=())
    for outlet in ("gazette", "herald"):
        stories.item(story, "The dam", outlet=outlet, link=f"https://www.{outlet}.example/2026/dam?id=1")
    return story


@pytest.fixture
def day(told, carlo, at):
    """Published: the Gazette's with the Herald's beside it, and one that nobody minds."""
    kenya, (ours, theirs) = make.country(), told.items.order_by("pk")
    chosen = picking.pick(ours, by=carlo, at=at, zone=LONDON)
    picking.edit(chosen.pk, {"countries": [kenya], "note": "Read it."}, touched=0, shown={})
    rivals.add(chosen, theirs, zone=LONDON)
    picking.pick_page("https://post.example/a", "The gauge", by=carlo, at=at, zone=LONDON, outlet="The Post")
    day = DayOfLinks.objects.get()
    press(roundups.publish(day, by=None, at=at).pk, at=at)
    return day


def written_in_the_roundup():
    return Roundup.objects.get().links.raw_data


@pytest.mark.parametrize(
    ("address", "key"),
    [
        ("Gazette.example", "gazette.example"),
        ("https://www.gazette.example/", "gazette.example"),
        (" http://m.gazette.example/2026/dam/?utm_source=x ", "gazette.example/2026/dam"),
    ],
)
def test_an_address_or_a_host_is_taken_as_written(address, key):
    assert key_refused(address) == key


@pytest.mark.parametrize(
    ("address", "trouble"),
    [
        ("", NotAnAddress),
        ("the Gazette, please", NotAnAddress),
        ("com", TooWide),
        ("www.co.uk", TooWide),
        ("a.example/" + "x" * 600, NotAnAddress),
    ],
)
def test_what_names_neither_is_refused_with_a_sentence(address, trouble):
    with pytest.raises(trouble):
        key_refused(address)


def test_what_it_would_take_is_counted_and_nothing_is_done(day, at):
    before = list(Item.objects.values())
    reach = refusing.reach_of("gazette.example")

    assert (reach.outlets, reach.items, reach.picks, reach.rivals, reach.roundups) == (["gazette"], 1, 1, 0, 1)
    assert (refusing.reach_of("herald.example").rivals, refusing.reach_of("none.example").roundups) == (1, 0)
    assert list(Item.objects.values()) == before
    assert not Refusal.objects.exists()


def test_a_whole_site_is_wide_and_a_piece_is_not(day):
    assert refusing.reach_of("gazette.example").is_wide
    assert not refusing.reach_of("gazette.example/2026/dam?id=1").is_wide


def test_a_refused_outlet_is_nowhere_from_then_on(day, told, at):
    done = refusing.refuse("gazette.example", "They asked.", by=None, at=at)

    assert (done.items, done.picks, done.rivals, done.roundups) == (1, 1, 0, 1)
    assert [item.outlet for item in Item.objects.all()] == ["herald"]
    assert "gazette" not in str(list(written_in_the_roundup()))
    assert Roundup.objects.get().standfirst == "One piece worth your time, from The Post."
    assert [pick.note for pick in Pick.objects.filter(taken_down_at__isnull=False)] == [""]
    assert links_beside.of_country(make.country()) == []


def test_a_refused_rival_reading_goes_and_the_pick_stays(day, at):
    done = refusing.refuse("herald.example/2026", "", by=None, at=at)

    assert (done.items, done.picks, done.rivals, done.roundups) == (1, 0, 1, 1)
    assert "herald" not in str(list(written_in_the_roundup()))
    assert len(written_in_the_roundup()) == 2


def test_what_was_picked_and_not_published_yet_is_not_published_with_it(day, carlo, at):
    WireRules.objects.update_or_create(defaults={"roundup_at": None})
    late = picking.pick_page("https://late.example/", "Late", by=carlo, at=at, zone=LONDON)
    arranging.move(late, to=day.day)
    refusing.refuse("gazette.example", "", by=None, at=at)

    assert "late.example" not in str(list(written_in_the_roundup()))


def test_a_roundup_of_which_nothing_is_left_is_taken_back(day, at):
    for host in ("gazette.example", "post.example"):
        refusing.refuse(host, "", by=None, at=at)

    assert Roundup.objects.get().withdrawn_at == at


def test_what_comes_back_to_the_picks_is_not_printed_for_all_that(day, at):
    refusing.refuse("gazette.example", "", by=None, at=at)
    chosen = Pick.objects.get(outlet="The Post")
    for host in ("gazette.example", "herald.example"):
        chosen.rivals.create(url=f"https://{host}/back", headline="Back", outlet=host)
    Pick.objects.exclude(taken_down_at=None).update(taken_down_at=None)
    roundups.publish(DayOfLinks.objects.get(), by=None, at=at)

    [link] = Roundup.objects.get().links
    assert (link.value["headline"], [rival["outlet"] for rival in link.value["rivals"]]) == ("The gauge", ["herald.example"])


def test_of_what_is_refused_alone_no_roundup_begins(day, at):
    Refusal.objects.bulk_create(Refusal(key=f"{name}.example", at=at) for name in ("gazette", "post"))

    with pytest.raises(roundups.NothingPicked):
        roundups.publish(DayOfLinks.objects.get(), by=None, at=at)


def test_roundups_that_were_written_by_hand_are_mended_too(at):
    link = {"headline": "Old", "url": "https://gazette.example/old", "outlet": "Gazette", "note": ""}
    other = link | {"url": "https://ungazette.example/x"}
    old = make.article("roundup", links=[("link", link), ("link", other)])
    refusing.refuse("gazette.example", "", by=None, at=at)

    assert [block.value["url"] for block in Roundup.objects.get(pk=old.pk).links] == ["https://ungazette.example/x"]


@pytest.mark.parametrize("host", ["münchner.example", "MÜNCHNER.example", "xn--mnchner-n2a.example", "www.münchner.example"])
def test_a_host_in_other_letters_is_found_however_it_was_written(at, host):
    link = {"headline": "Old", "url": f"https://{host}/old", "outlet": "Münchner", "note": ""}
    old = make.article("roundup", links=[("link", link), ("link", link | {"url": "https://other.example/"})])
    refusing.refuse("münchner.example", "", by=None, at=at)

    assert [block.value["url"] for block in Roundup.objects.get(pk=old.pk).links] == ["https://other.example/"]


def test_an_article_that_was_taken_back_comes_back_without_it(day, at):
    article = Roundup.objects.get()
    take_back(article, by=None, at=at)
    refusing.refuse("gazette.example", "", by=None, at=at)
    put_back(article, by=None, at=at)

    assert "gazette" not in str(list(written_in_the_roundup()))
    assert "The gauge" in str(list(written_in_the_roundup()))


def test_an_article_of_which_nothing_was_left_comes_back_without_it(day, at):
    for host in ("gazette.example", "post.example"):
        refusing.refuse(host, "", by=None, at=at)
    put_back(Roundup.objects.get(), by=None, at=at)

    assert list(written_in_the_roundup()) == []


def test_drafts_lose_it_too_and_stay_drafts(day, at):
    article = Roundup.objects.get()
    article.editors_note = "Not yet."
    draft = article.save_revision()
    Revision.objects.filter(pk=draft.pk).update(approved_go_live_at=at + DAY)
    refusing.refuse("gazette.example", "", by=None, at=at)

    article = Roundup.objects.get()
    assert "gazette" not in str([revision.content["links"] for revision in article.revisions.all()])
    assert (article.editors_note, article.has_unpublished_changes, article.latest_revision) == ("", True, draft)
    assert article.revisions.get(pk=draft.pk).approved_go_live_at == at + DAY

    article.latest_revision.publish()
    assert (Roundup.objects.get().editors_note, len(written_in_the_roundup())) == ("Not yet.", 1)


def test_what_was_cut_short_or_came_after_it_is_finished(day, told, at):
    Refusal.objects.create(key="gazette.example", at=at)
    assert refusing.finish(at=at + DAY) == 3
    assert "gazette" not in str(list(written_in_the_roundup()))
    assert [item.outlet for item in Item.objects.all()] == ["herald"]

    assert refusing.finish(at=at + DAY) == 0
    stories.item(told, "The dam", outlet="gazette", link="https://gazette.example/late")
    assert refusing.finish(at=at + DAY) == 1


def test_asked_twice_it_is_the_same(day, at):
    refusing.refuse("gazette.example", "", by=None, at=at)
    again = refusing.refuse("www.gazette.example", "", by=None, at=at)

    assert (again.items, again.picks, again.roundups) == (0, 0, 0)
    assert Refusal.objects.count() == 1


def test_stories_of_which_nothing_is_left_go_and_others_are_counted_anew(told, at):
    refusing.refuse("gazette.example", "", by=None, at=at)
    assert Story.objects.get().items_count == 1

    refusing.refuse("herald.example", "", by=None, at=at)
    assert not Story.objects.exists()


def test_it_is_in_no_edition_sent_or_unsent(day, at, django_capture_on_commit_callbacks):
    daily = newsletters.newsletter()
    link = {"url": "https://gazette.example/2026/dam?id=1", "headline": "The dam"}
    sent = newsletters.edition(daily, links=[link])
    unsent = newsletters.edition(daily, links=[link, newsletters.LINK], goes_on=day.day + DAY, begun=False)
    with django_capture_on_commit_callbacks(execute=True):
        refusing.refuse("gazette.example", "", by=None, at=at)

    assert not sent.items.filter(dropped=False).exists()
    assert [item.url for item in Placed.objects.filter(edition=unsent)] == [newsletters.LINK["url"]]


# Keeping no more than is needed


def test_what_was_not_met_for_long_is_forgotten_and_its_picks_stay(day, told, at):
    WireRules.objects.update(items_days=30)
    Item.objects.filter(outlet="gazette").update(met_at=at - 31 * DAY)
    assert refusing.forget(at=at).items == 1
    assert (Pick.objects.count(), Item.objects.count(), Story.objects.get().items_count) == (2, 1, 1)
    assert standing([day.article_id or DayOfLinks.objects.get().article_id])

    Item.objects.update(met_at=at - 31 * DAY)
    refusing.forget(at=at)
    assert not Story.objects.exists()


def test_what_was_done_long_ago_and_how_sources_fared_is_forgotten(day, at):
    source = stories.source()
    for age in (1, 20):
        Poll.objects.create(source=source, at=at - age * DAY, status=200, took=1)
    Deed.objects.update(at=at - 91 * DAY)
    done = refusing.forget(at=at)

    assert (done.deeds, done.polls) == (2, 1)
    assert refusing.forget(at=at) == refusing.Forgotten(0, 0, 0, 0, 0)


def test_where_an_item_lies_is_forgotten_once_nothing_joins_its_story_any_more(day, told, at):
    old, new = Item.objects.order_by("pk")[:2]
    Item.objects.filter(pk=old.pk).update(sorted_at=at - 8 * DAY)
    for item in (old, new):
        Direction.objects.create(item=item, unit=bytes(384))

    assert refusing.forget(at=at).directions == 1
    assert Direction.objects.get().item_id == new.pk
