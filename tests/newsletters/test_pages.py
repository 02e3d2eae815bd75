"""Newsletters on the web: what everybody may read of them, kept fresh."""

import re
from datetime import date, timedelta
from xml.etree import ElementTree

import pytest

from broadsheet.newsletters.actions.going_out import begin
from broadsheet.newsletters.actions.signing_up import ENDS, words_shown
from broadsheet.newsletters.house_style import typesetter
from broadsheet.newsletters.models import NewsletterRules
from broadsheet.newsroom.actions import take_back
from broadsheet.press.actions import press, press_page, print_due, withdraw
from broadsheet.press.models import Slip
from tests import cast, make
from tests.newsletters import make as made

pytestmark = pytest.mark.django_db

PATH = "/newsletters/daily/2026-03-02/"
FREE = "The free word is quillwort. " + make.PARAGRAPH * 4
PAID = "The paid word is zirconide. " + make.PARAGRAPH * 4
ATOM = "{http://www.w3.org/2005/Atom}"


@pytest.fixture
def dam(printed):
    return printed(headline="The dam", body=[FREE, make.PARAGRAPH * 4, PAID], audience="members")


@pytest.fixture
def edition(daily, dam, printed):
    return made.edition(
        daily, top=dam, articles=[printed("note", headline="A near thing")], links=[made.LINK], note="Good morning."
    )


def seen(path):
    answer = cast.vera().get(path)
    assert answer.status_code == 200, path
    return answer.content.decode()


def test_an_edition_stands_there_once_it_began(edition):
    said = seen(PATH)

    expected = ("Monday, 2 March 2026", "Good morning.", "The dam", "quillwort", "A near thing", "Also today", "The Other Review")
    assert [word for word in expected if word not in said] == []
    assert '<meta name="robots" content="max-image-preview:large">' in said


@pytest.mark.parametrize("path", [PATH, "/newsletters/daily/", "/newsletters/daily/feed/"])
def test_nothing_of_it_comes_from_beyond_the_cut(edition, path):
    assert "zirconide" not in seen(path)


def test_it_ends_with_the_way_to_go_on(edition):
    assert "Go on reading “The dam”" in seen(PATH)


def test_an_open_story_is_whole(daily, printed):
    made.edition(daily, top=printed(headline="Open", body=[FREE, PAID], audience="open"))

    said = seen(PATH)

    assert "zirconide" in said
    assert "Go on reading" not in said


@pytest.mark.parametrize("fields", [{"begun": False}, {"begun": False, "cancelled_at": make.AT}])
def test_what_did_not_go_out_is_not_there(daily, dam, fields):
    made.edition(daily, top=dam, **fields)

    assert cast.vera().get(PATH).status_code == 404
    assert PATH not in seen("/newsletters/daily/")


@pytest.mark.parametrize("path", ["/newsletters/daily/2026-13-41/", "/newsletters/weekly/", "/newsletters/daily/2026/"])
def test_no_page_is_made_up(edition, path):
    assert cast.vera().get(path).status_code == 404


def test_a_note_keeps_its_lines_and_its_addresses_are_links(daily, dam):
    made.edition(daily, top=dam, note="Good morning.\nSee https://a.example/x?b=1&c=2 <b>.\n\nEdda", subject="Of rivers")

    said = seen(PATH)

    link = '<a href="https://a.example/x?b=1&amp;c=2" rel="nofollow">https://a.example/x?b=1&amp;c=2</a>'
    assert f"<p>Good morning.<br>See {link} &lt;b&gt;.</p><p>Edda</p>" in said
    assert '<p class="standfirst">Of rivers</p>' in said


def test_where_no_note_was_written_none_is_said_to_be_kept(dam):
    weekly = made.newsletter("Africa weekly", slug="africa", whom="members")
    made.edition(weekly, top=dam)

    assert "note is for subscribers" not in seen("/newsletters/africa/2026-03-02/")


def test_the_note_of_a_newsletter_for_subscribers_is_theirs(dam):
    made.edition(made.newsletter("Members", slug="members", whom="members"), top=dam, note="Between us.")

    pages = ("/newsletters/members/2026-03-02/", "/newsletters/members/feed/")
    assert not [path for path in pages if "Between us." in seen(path)]


def test_the_note_of_an_edition_that_left_for_subscribers_stays_theirs(dam):
    """Though everybody gets the newsletter by now."""
    members = made.newsletter("Members", slug="members", whom="members")
    edition = made.edition(members, top=dam, note="Between us.")
    edition.cuts.create(cut="full", subject="S", html="<p>Between us.</p>", text="Between us.", set_at=make.AT)
    members.whom = "free"
    members.save()

    assert "Between us." not in seen("/newsletters/members/2026-03-02/") + seen("/newsletters/members/feed/")


def test_an_edition_that_begins_stands_on_every_list_at_once(daily, dam, at):
    waiting = made.edition(daily, top=dam, begun=False)
    paths = ("/newsletters/", "/newsletters/daily/", "/newsletters/daily/feed/", "/sitemap-newsletters.xml")
    assert not [path for path in paths if PATH in seen(path)]

    begin(waiting, typeset=typesetter(at=at), at=at)

    assert [path for path in paths if PATH not in seen(path)] == []


def test_a_withdrawn_article_leaves_every_page_that_names_it(edition, dam, at):
    paths = (PATH, "/newsletters/", "/newsletters/daily/", "/newsletters/daily/feed/")
    assert all("The dam" in seen(path) for path in paths)

    take_back(dam, by=None, at=at)
    withdraw(dam.pk, at=at)

    assert not [path for path in paths if "The dam" in seen(path)]


def test_a_changed_headline_is_printed_anew(edition, dam, at):
    seen(PATH)

    make.published(dam, title="The other dam")
    press(dam.pk, at=at + timedelta(minutes=1))

    assert "The other dam" in seen(PATH)


def test_a_note_mark_leads_to_the_article(daily, printed):
    noted = [f"Said.[^1] {make.PARAGRAPH}", {"type": "footnote", "value": {"mark": "1", "text": "<p>Where.</p>"}}]
    made.edition(daily, top=printed(headline="Noted", body=noted, audience="open"))

    assert 'href="/briefings/noted/#note-1"' in seen(PATH)


def test_the_archive_has_a_page_for_each_year_before_the_newest(edition, daily, dam):
    made.edition(daily, top=dam, goes_on=date(2025, 12, 31))
    made.edition(daily, top=dam, goes_on=date(2026, 2, 27), subject="The editor’s own words")

    newest, before = seen("/newsletters/daily/"), seen("/newsletters/daily/2025/")

    assert newest.index("March 2026") < newest.index("February 2026")
    assert "The editor’s own words" in newest
    assert 'href="/newsletters/daily/2025/"' in newest
    assert "2025-12-31" in before
    assert "2026-02-27" not in before


def test_the_overview_says_what_comes_when_and_for_whom(edition):
    made.newsletter("Africa", slug="africa", rhythm="weekly", weekday=4, whom="members", regions=[make.region("Africa")])
    made.newsletter("Gone", slug="gone", withdrawn_at=make.AT)

    said = seen("/newsletters/")

    expected = ("The Daily", "Monday to Friday at 06:00", "Every Friday", "For subscribers", "The newest: ", "The dam")
    assert [word for word in expected if word not in said] == []
    assert "Gone" not in said


@pytest.mark.parametrize("path", ["/newsletters/", "/newsletters/daily/", PATH])
def test_whoever_reads_one_may_sign_up(edition, path):
    said = seen(path)

    assert 'method="post" action="/newsletters/sign-up/"' in said
    assert 'name="newsletter" value="daily"' in said
    assert 'name="address"' in said


def test_what_they_agree_to_stands_where_they_sign_up(edition, daily):
    assert words_shown(daily) in seen("/newsletters/daily/")
    said = seen("/newsletters/")
    assert [words for words in (daily.name, daily.promise, "comes by mail", ENDS) if words not in said] == []


def test_all_of_them_are_one_form_and_those_for_subscribers_stand_beneath(edition):
    made.newsletter("Asia", slug="asia")
    made.newsletter("Africa", slug="africa", whom="members")

    said = seen("/newsletters/")

    assert said.count('action="/newsletters/sign-up/"') == said.count('name="address"') == 1
    assert re.findall(r'name="newsletter" value="(\w+)"', said) == ["asia", "daily"]
    assert said.index("</form>") < said.index("For subscribers") < said.index("/newsletters/africa/")


def test_a_newsletter_that_has_ended_keeps_its_editions_and_takes_nobody(edition, daily):
    daily.withdrawn_at = make.AT
    daily.save()

    assert "/newsletters/sign-up/" not in seen(PATH)


def test_what_the_desk_says_anew_is_printed_anew(edition, daily, django_capture_on_commit_callbacks):
    seen("/newsletters/")

    with django_capture_on_commit_callbacks(execute=True):
        daily.promise = "Another promise."
        daily.save()

    assert "Another promise." in seen("/newsletters/")


def test_the_feed_is_atom_and_has_the_free_part(edition):
    feed = ElementTree.fromstring(seen("/newsletters/daily/feed/"))

    (entry,) = feed.findall(f"{ATOM}entry")
    assert entry.find(f"{ATOM}link").get("href") == f"http://testserver{PATH}"
    assert "quillwort" in entry.find(f"{ATOM}content").text
    assert "http://testserver/notes/a-near-thing/" in entry.find(f"{ATOM}content").text


def test_an_entry_of_the_feed_stays_the_same_where_the_newsletter_is_renamed(edition, daily, django_capture_on_commit_callbacks):
    def entry(path):
        return ElementTree.fromstring(seen(path)).find(f"{ATOM}entry/{ATOM}id").text

    before = entry("/newsletters/daily/feed/")
    with django_capture_on_commit_callbacks(execute=True):
        daily.slug = "morning"
        daily.save()

    assert entry("/newsletters/morning/feed/") == before


def test_the_page_on_privacy_says_what_mail_tells_of_its_readers(db, django_capture_on_commit_callbacks):
    """Whether anybody wrote that page or not."""
    assert "no link runs through a counter" in seen("/privacy/")
    assert "never by whom" not in seen("/privacy/")
    assert "our mail" not in seen("/imprint/").lower()

    with django_capture_on_commit_callbacks(execute=True):
        rules = NewsletterRules.load()
        rules.count_visits = True
        rules.save()
    print_due(at=make.AT + timedelta(days=9_000))

    assert "how often an edition’s links are followed, never by whom" in seen("/privacy/")


def test_search_engines_are_told_of_them(edition, at):
    assert f"http://testserver{PATH}" in seen("/sitemap-newsletters.xml")
    assert "/sitemap-newsletters.xml" in seen("/sitemap.xml")


def test_the_foot_of_every_page_leads_there(dam):
    assert 'href="/newsletters/"' in seen("/briefings/the-dam/")


def test_the_front_page_offers_what_begins_with_registering(daily, django_capture_on_commit_callbacks):
    assert "The Daily" not in seen("/")

    with django_capture_on_commit_callbacks(execute=True):
        daily.at_registration = True
        daily.save()
    print_due(at=make.AT + timedelta(days=9_000))

    assert 'name="newsletter" value="daily"' in seen("/")


def test_pages_are_pressed(edition, at):
    press_page(PATH, at=at)

    assert Slip.objects.get(path=PATH).kind == "newsletter-edition"
