"""Newsletters on the desk: a publisher offers and withdraws them; nothing that was sent is lost."""

from datetime import date, time
from urllib.parse import urlsplit

import pytest
from django.contrib.auth.models import Group
from selectolax.lexbor import LexborHTMLParser

from broadsheet.newsletters import links
from broadsheet.newsletters.desk import DOORS
from broadsheet.newsletters.models import Edition, Newsletter, Rest, Signup
from tests import cast
from tests.newsletters import make as made

pytestmark = pytest.mark.django_db
NEW = "/admin/newsletters/new/"


@pytest.fixture
def desk(at):
    """Petra's browser."""
    return cast.log_in(cast.petra(at))


def slots(*rows):
    form = {f"slots-{name}_FORMS": number for name, number in (("TOTAL", len(rows)), ("INITIAL", 0), ("MIN_NUM", 0))}
    for n, (kind, title, most) in enumerate(rows):
        fields = {"kind": kind, "title": title, "most": most, "ORDER": n + 1, "id": "", "DELETE": ""}
        form |= {f"slots-{n}-{name}": value for name, value in fields.items()}
    return form | {"slots-MAX_NUM_FORMS": 1000}


def said(**words):
    return {
        "name": "The Daily",
        "slug": "daily",
        "promise": "The day, at six.",
        "rhythm": "weekdays",
        "weekday": "0",
        "goes_at": "06:00",
        "whom": "two-cuts",
        "unseen": "on",
        "order": "0",
    } | words


def faults(answer):
    return LexborHTMLParser(answer.content.decode()).css_first("main").text()


def change(desk, newsletter, **words):
    return desk.post(f"/admin/newsletters/edit/{newsletter.pk}/", said(**words) | slots())


def test_a_publisher_makes_one_with_the_usual_slots(desk):
    answer = desk.post(NEW, said() | slots())

    assert answer.status_code == 302
    daily = Newsletter.objects.get()
    assert daily.goes_at == time(6)
    assert [slot.kind for slot in daily.slots.all()] == ["top", "articles", "report", "links"]


def test_or_with_slots_of_their_own(desk):
    desk.post(NEW, said() | slots(("articles", "New", 3), ("top", "", 1)))

    assert [slot.kind for slot in Newsletter.objects.get().slots.order_by("sort_order")] == ["articles", "top"]


@pytest.mark.parametrize(
    ("words", "rows", "sentence"),
    [
        ({"slug": "leave"}, (), "A page of the site stands at this address already: choose another word."),
        ({"at_registration": "on"}, (), "Another newsletter begins with registering already."),
        ({"at_registration": "on", "whom": "members"}, (), "Whoever registers has no subscription yet"),
        ({"reply_to": "desk@☃.example"}, (), "No mail can go to this address."),
        ({}, (("top", "", 1), ("top", "", 1)), "duplicate"),
    ],
)
def test_what_cannot_be_is_refused_in_a_sentence(words, rows, sentence, desk):
    made.newsletter("Another", slug="another", at_registration=True)
    answer = desk.post(NEW, said(**words) | slots(*rows))

    assert answer.status_code == 200
    assert sentence in faults(answer)
    assert Newsletter.objects.count() == 1


def test_what_the_desk_begins_the_desk_lets_go(desk):
    desk.post(NEW, said(rhythm="by-hand") | slots())

    assert not Newsletter.objects.get().unseen


def test_withdrawn_it_opens_and_sends_nothing_more_and_is_offered_again(desk, daily):
    begun, touched, _ahead = (made.edition(daily, goes_on=date(2026, 3, n), begun=n == 2) for n in (2, 3, 4))
    Edition.objects.filter(pk=touched.pk).update(note="Begun")
    change(desk, daily, withdrawn="on")

    daily.refresh_from_db()
    assert daily.withdrawn_at
    assert set(Edition.objects.values_list("pk", flat=True)) == {begun.pk, touched.pk}
    assert list(Edition.objects.exclude(cancelled_at=None)) == [touched]
    change(desk, daily)
    daily.refresh_from_db()
    assert daily.withdrawn_at is None


def test_renamed_its_old_addresses_and_links_lead_on(desk, daily, at, django_capture_on_commit_callbacks):
    made.edition(daily, links=[made.LINK])
    signup = Signup.objects.create(reader=cast.fay(at), newsletter=daily, text_shown="x", asked_at=at, confirmed_at=at)
    leave = urlsplit(links.leave_link(links.Whose.of(signup.reader), daily.pk)).path
    ends = ("", "2026-03-02/", "feed/")
    vera = cast.vera()
    assert {vera.get(f"/newsletters/daily/{end}").status_code for end in ends} == {200}

    for slug in ("day", "morning"):
        with django_capture_on_commit_callbacks(execute=True):
            change(desk, daily, slug=slug)

    for former in ("daily", "day"):
        answers = [vera.get(f"/newsletters/{former}/{end}") for end in ends]
        assert [(answer.status_code, answer["Location"]) for answer in answers] == [
            (301, f"/newsletters/morning/{end}") for end in ends
        ]
    assert {vera.get(f"/newsletters/morning/{end}").status_code for end in ends} == {200}
    assert vera.get("/newsletters/daily/2026-03-03/").status_code == 404
    assert vera.get(leave).status_code == 200
    daily.refresh_from_db()
    assert (daily.slug, daily.known_as()) == ("morning", "daily")


def test_what_another_was_called_nobody_takes(desk, daily):
    change(desk, daily, slug="morning")

    assert "Another newsletter stood at this address" in faults(desk.post(NEW, said(name="New") | slots()))
    change(desk, daily, slug="daily")
    daily.refresh_from_db()
    assert daily.slug == "daily"


@pytest.mark.parametrize("word", [*sorted(DOORS), "Sign-Up"])
def test_no_newsletter_takes_the_address_of_a_door(desk, word):
    assert "A page of the site stands at this address" in faults(desk.post(NEW, said(slug=word) | slots()))
    assert not Newsletter.objects.exists()


def test_the_doors_are_known():
    assert {"sign-up", "confirm", "preferences", "leave"} <= DOORS


def test_one_is_deleted_only_before_it_is_used(desk, daily, at):
    delete = f"/admin/newsletters/delete/{daily.pk}/"
    signup = Signup.objects.create(reader=cast.fay(at), newsletter=daily, text_shown="x", asked_at=at)
    desk.post(delete)
    assert Newsletter.objects.exists()

    signup.delete()
    desk.post(delete)
    assert not Newsletter.objects.exists()


def test_days_of_rest_are_written_down_and_end_after_they_begin(desk):
    wrong = desk.post("/admin/rests/new/", {"first_on": "2026-12-24", "last_on": "2026-12-23"})
    assert "The last day is before the first." in faults(wrong)

    desk.post("/admin/rests/new/", {"first_on": "2026-12-24", "last_on": "2026-12-26", "why": "Christmas"})
    assert Rest.objects.get().why == "Christmas"


def test_the_list_says_how_many_get_it(desk, daily, at):
    Signup.objects.create(reader=cast.fay(at), newsletter=daily, text_shown="x", asked_at=at, confirmed_at=at)
    row = LexborHTMLParser(desk.get("/admin/newsletters/").content.decode()).css_first("table.listing tbody tr")

    assert [" ".join(cell.text().split()) for cell in row.css("td")][1:4] == [
        "Monday to Friday",
        "Everybody: subscribers whole, the others in its free cut",
        "1",
    ]


@pytest.mark.parametrize("who", [cast.carlo, cast.edda])
def test_writers_and_editors_may_not(who, at, daily):
    browser = cast.log_in(who(at))

    for path in ("/admin/newsletters/", NEW, "/admin/rests/"):
        assert browser.get(path).status_code == 302
    browser.post(NEW, said(name="Mine", slug="mine") | slots())
    assert Newsletter.objects.count() == 1


def test_publishers_hold_newsletters_and_editors_only_editions(at):
    cast.petra(at)
    of = {
        group.name: set(group.permissions.filter(content_type__app_label="newsletters").values_list("codename", flat=True))
        for group in Group.objects.all()
    }

    assert of["Editors"] == {"view_edition", "change_edition"}
    assert {"add_newsletter", "change_rest", "view_delivery", "change_edition"} <= of["Publishers"]
    assert not of["Writers"]
