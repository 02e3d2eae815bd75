"""Readers' own shelves: read later, history, what they follow, collections. Theirs alone, whatever is pressed twice."""

import io
import json
import re
import zipfile
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from urllib.parse import unquote

import pytest
import time_machine
from django.db import connections

from broadsheet.library import following
from broadsheet.library.actions import shelves
from broadsheet.library.models import Collection, Follow, Piece, PutAside
from broadsheet.membership.actions import erasing
from broadsheet.membership.looking import LOOKING
from broadsheet.membership.models import Reading
from broadsheet.newsroom.actions import take_back
from broadsheet.press.actions import press
from tests import cast, make

pytestmark = [pytest.mark.django_db]

PAID = "Beyond the wall stands the word quillwort."
LIST, HISTORY, FOLLOWS, COLLECTIONS = "/account/reading-list/", "/account/history/", "/account/follows/", "/account/collections/"


@pytest.fixture(autouse=True)
def noon(at):
    with time_machine.travel(at, tick=False) as clock:
        yield clock


@pytest.fixture
def fay(at):
    return cast.fay(at)


@pytest.fixture
def browser(fay):
    return cast.log_in(fay)


def published(headline, at, **fields):
    told = {"audience": "members", "body": [make.PARAGRAPH, make.PARAGRAPH, PAID]} | fields
    article = make.article(headline=headline, at=at, **told)
    press(article.pk, at=at)
    return article


@pytest.fixture
def dam(at):
    return published("The dam", at)


@pytest.fixture
def river(at):
    return published("The river", at)


def text(answer):
    return answer.content.decode()


def order_of(answer):
    return re.findall(r"The (?:dam|river|lake)(?=</a></h2>)", text(answer))


# Read later


def test_the_button_under_an_article_puts_it_aside_and_leads_back(browser, dam):
    assert f'name="later" value="{dam.pk}"' in text(cast.vera().get(dam.address))

    answer = browser.post(LIST, {"later": dam.pk}, follow=True)

    assert answer.redirect_chain == [(f"{LIST}?put={dam.pk}", 303)]
    assert f'“The dam” is on your list. <a href="{dam.address}">' in text(answer)


def test_whoever_is_not_logged_in_is_told_to_and_led_back(dam):
    answer = cast.vera().post(LIST, {"later": dam.pk})

    assert answer.status_code == 403
    assert f"/join/?next={LIST}add/{dam.pk}/" in text(answer)
    assert not PutAside.objects.exists()


def test_and_goes_on_with_it_on_a_page_of_its_own(browser, dam):
    page = text(browser.get(f"{LIST}add/{dam.pk}/"))

    assert f'name="later" value="{dam.pk}"' in page
    assert not PutAside.objects.exists()
    assert browser.get(f"{LIST}add/{10**20}/").status_code == 404
    assert cast.vera().get(f"{LIST}add/{dam.pk}/")["Location"] == f"/join/?next={LIST}add/{dam.pk}/"


@pytest.mark.parametrize("path", [LIST, HISTORY, FOLLOWS, COLLECTIONS])
def test_shelves_are_asked_for_by_their_reader(path):
    answer = cast.vera().get(path)

    assert (answer.status_code, answer["Location"]) == (303, f"/join/?next={path}")


@pytest.mark.parametrize("path", [LIST, HISTORY, FOLLOWS, COLLECTIONS])
def test_shelves_are_stored_nowhere(browser, path):
    assert "no-store" in browser.get(path)["Cache-Control"]


@pytest.mark.parametrize("path", [LIST, HISTORY, FOLLOWS, COLLECTIONS])
def test_a_form_of_another_site_changes_nothing(browser, path, dam):
    answer = browser.post(
        path, {"later": dam.pk}, headers={"origin": "https://elsewhere.example", "sec-fetch-site": "cross-site"}
    )

    assert answer.status_code == 403
    assert not PutAside.objects.exists()


def test_pressed_twice_it_stands_there_once(browser, dam):
    for _ in range(2):
        browser.post(LIST, {"later": dam.pk})

    assert PutAside.objects.count() == 1


def test_what_was_put_there_last_stands_first(fay, browser, dam, river, noon):
    shelves.put_aside(fay, dam.pk, at=dam.dated_at)
    noon.shift(60)
    browser.post(LIST, {"later": river.pk})

    assert order_of(browser.get(LIST)) == ["The river", "The dam"]


def test_what_was_read_moves_below_and_comes_back_when_it_is_put_there_anew(browser, dam):
    browser.post(LIST, {"later": dam.pk})
    browser.post(LIST, {"read": dam.pk})
    assert order_of(browser.get(LIST)) == []
    assert "The dam" in text(browser.get(LIST))

    browser.post(LIST, {"later": dam.pk})

    assert order_of(browser.get(LIST)) == ["The dam"]


def test_it_is_taken_off(browser, dam):
    browser.post(LIST, {"later": dam.pk})
    browser.post(LIST, {"remove": dam.pk})

    assert not PutAside.objects.exists()


def test_nobody_reaches_into_another_s_list(fay, dam, at):
    shelves.put_aside(fay, dam.pk, at=at)

    cast.log_in(cast.rex(at)).post(LIST, {"remove": dam.pk})

    assert PutAside.objects.count() == 1


@pytest.mark.parametrize("typed", ["0", "-1", "999999", "x", "", "9" * 30, "٣"])
def test_what_is_no_article_is_not_put_aside(browser, typed):
    assert browser.post(LIST, {"later": typed}).status_code == 404


def test_of_what_was_taken_back_not_even_the_headline_is_told(fay, browser, dam, at):
    shelves.put_aside(fay, dam.pk, at=at)
    own = shelves.make_collection(fay, "Rivers", at=at)
    shelves.add_piece(own, dam.pk, at=at)
    Reading.objects.create(key="k:1", story=dam.story, reader_id=fay.pk, reason="entitled", read_at=at)
    take_back(dam, by=None, at=at)
    press(dam.pk, at=at)

    for path in (LIST, HISTORY, f"{COLLECTIONS}{own.pk}/"):
        said = text(browser.get(path))
        assert "The dam" not in said
        assert "no longer here" in said


def test_a_full_list_says_so(fay, browser, dam, river, at, monkeypatch):
    monkeypatch.setattr(shelves, "MOST_ASIDE", 1)
    shelves.put_aside(fay, dam.pk, at=at)

    answer = browser.post(LIST, {"later": river.pk})

    assert answer.status_code == 409
    assert "Your reading list is full" in text(answer)


def test_too_much_at_once_waits(browser, dam):
    statuses = {browser.post(LIST, {"later": dam.pk}).status_code for _ in range(65)}

    assert statuses == {303, 429}


# History


def read(reader, story, at, reason="entitled", **fields):
    return Reading.objects.create(
        key=f"h:{Reading.objects.count()}", story=story, reader_id=reader.pk, reason=reason, read_at=at, **fields
    )


def test_what_was_read_stands_there_by_day_each_once(fay, browser, dam, river, at):
    for hour in (0, 1):
        read(fay, dam.story, at.replace(hour=8 + hour))
    read(fay, river.story, at.replace(day=1))

    said = text(browser.get(HISTORY))

    days = re.findall(r"Monday, 2 March 2026|Sunday, 1 March 2026|The dam(?=</a>)|The river(?=</a>)", said)
    assert days == ["Monday, 2 March 2026", "The dam", "Sunday, 1 March 2026", "The river"]


def test_a_wall_is_no_reading_of_ones_own(fay, browser, dam, at):
    read(fay, dam.story, at, reason="subscribe")

    assert "The dam" not in text(browser.get(HISTORY))


def test_long_histories_have_pages(fay, browser, at, monkeypatch):
    monkeypatch.setattr("broadsheet.library.history.A_PAGE", 2)
    for number in range(5):
        read(fay, published(f"Number {number}", at).story, at.replace(minute=number))

    first, last = text(browser.get(HISTORY)), text(browser.get(f"{HISTORY}?page=3"))

    assert "Number 4" in first
    assert "Number 2" not in first
    assert f"{HISTORY}?page=2" in first
    assert "Number 0" in last
    assert 'rel="next"' not in last


def test_what_came_out_since_the_last_visit_is_told(fay, browser, dam, at):
    assert "come out" not in text(browser.get(HISTORY))
    read(fay, dam.story, at - timedelta(days=3))
    read(fay, dam.story, at)  # today's reading is no visit before
    published("The sea", at - timedelta(days=4))
    published("The river", at - timedelta(days=1))

    assert "on 27 February 2026, 2 articles have come out" in text(browser.get(HISTORY))


@pytest.mark.parametrize("page", ["0", "-1", "x", "99999999999999999999", "401"])
def test_a_page_that_is_not_there_is_empty(browser, page):
    assert browser.get(f"{HISTORY}?page={page}").status_code == 200


def test_one_is_forgotten_or_all(fay, browser, dam, river, at):
    read(fay, dam.story, at)
    read(fay, river.story, at)

    browser.post(HISTORY, {"forget": dam.pk})
    assert set(Reading.objects.filter(reader_id=fay.pk).values_list("story", flat=True)) == {river.story}

    browser.post(HISTORY, {"forget-all": "yes"})
    assert not Reading.objects.filter(reader_id=fay.pk).exists()
    assert Reading.objects.count() == 2


def test_it_is_switched_off_and_on(fay, browser, dam, at):
    read(fay, dam.story, at)

    browser.post(HISTORY, {"stop": "yes"})

    assert "Switched off since 2 March 2026" in text(browser.get(HISTORY))
    assert not Reading.objects.filter(reader_id=fay.pk).exists()
    assert note(browser)["forgets"]  # so that the page's script keeps nothing either

    browser.post(HISTORY, {"resume": "yes"})

    fay.refresh_from_db()
    assert fay.no_history_since is None
    assert "forgets" not in note(browser)


def note(browser):
    return json.loads(unquote(browser.cookies["reader"].value))


def test_staff_who_look_as_a_reader_see_neither_history_nor_notes(browser, at):
    session = browser.session
    session[LOOKING] = {"by": cast.rex(at).pk, "own": "x"}
    session.save()

    assert {browser.get(path).status_code for path in (LIST, HISTORY, COLLECTIONS)} == {403}


# Following


@pytest.mark.parametrize(
    ("made", "path", "name"),
    [
        (lambda: make.country("Mali"), "/countries/mali/", "Mali"),
        (lambda: make.region("Africa"), "/regions/africa/", "Africa"),
        (lambda: make.issue("Water"), "/issues/water/", "Water"),
        (lambda: make.series("The Long Border"), "/series/the-long-border/", "The Long Border"),
        (lambda: make.contributor("Ada Writer"), "/contributors/ada-writer/", "Ada Writer"),
        (
            lambda: [make.country("Russia"), make.country("North Korea")],
            "/relations/north-korea/russia/",
            "North Korea and Russia",
        ),
    ],
)
def test_what_has_a_page_is_followed(browser, made, path, name):
    made()

    answer = browser.post(FOLLOWS, {"follow": path}, follow=True)

    assert f'You follow {name}. <a href="{path}">' in text(answer)


def test_the_two_countries_of_a_relation_are_one_thing_either_way_round(fay, browser):
    make.country("Russia"), make.country("North Korea")
    for path in ("/relations/north-korea/russia/", "/relations/russia/north-korea/"):
        browser.post(FOLLOWS, {"follow": path})

    assert Follow.objects.count() == 1


@pytest.mark.parametrize(
    "path",
    [
        "/countries/atlantis/",
        "/sections/diplomacy/",
        "/relations/mali/mali/",
        "/relations/mali/atlantis/",
        "/",
        "",
        "//x/",
        "x" * 900,
        "/countries/%00/",
    ],
)
def test_what_has_none_is_not(browser, path):
    make.country("Mali"), make.section("Diplomacy")

    assert browser.post(FOLLOWS, {"follow": path}).status_code == 404
    assert cast.vera().post(FOLLOWS, {"follow": path}).status_code == 403


def test_a_follow_goes_with_a_new_name_and_leaves_with_what_it_named(fay, browser):
    mali, egypt = make.country("Mali"), make.country("Egypt")
    browser.post(FOLLOWS, {"follow": "/countries/mali/"})
    browser.post(FOLLOWS, {"follow": "/countries/egypt/"})
    mali.name, mali.slug = "Soudan", "soudan"
    mali.save()
    egypt.delete()

    said = text(browser.get(FOLLOWS))

    assert '<a href="/countries/soudan/">Soudan</a>' in said
    assert "Egypt" not in said


def test_it_is_let_go_by_its_own_reader(fay, browser, at):
    make.country("Mali")
    one = shelves.follow(fay, following.subject_at("/countries/mali/"), at=at)
    cast.log_in(cast.rex(at)).post(FOLLOWS, {"unfollow": one.pk})
    assert Follow.objects.exists()

    browser.post(FOLLOWS, {"unfollow": one.pk})

    assert not Follow.objects.exists()


@pytest.mark.parametrize("path", ["/countries/mali/", "/contributors/ada-writer/", "/issues/water/"])
def test_the_pages_have_the_button(at, path):
    published(
        "The dam", at, countries=[make.country("Mali")], contributors=[make.contributor("Ada Writer")], issues=[make.issue()]
    )

    assert f'name="follow" value="{path}"' in text(cast.vera().get(path))


# Collections


@pytest.fixture
def own(fay, dam, river, at):
    """A collection of two, the dam first."""
    made = shelves.make_collection(fay, "Rivers", at=at)
    for article in (dam, river):
        shelves.add_piece(made, article.pk, at=at)
    return made


def page_of(collection):
    return f"{COLLECTIONS}{collection.pk}/"


def test_from_an_article_into_a_new_collection(browser, dam):
    assert f'href="{COLLECTIONS}add/{dam.pk}/"' in text(cast.vera().get(dam.address))
    assert "The dam" in text(browser.get(f"{COLLECTIONS}add/{dam.pk}/"))

    answer = browser.post(COLLECTIONS, {"title": "  Rivers \n and lakes ", "add": dam.pk}, follow=True)

    assert "<h1>Rivers and lakes</h1>" in text(answer)
    assert "Added." in text(answer)
    assert order_of(answer) == ["The dam"]


def test_whoever_logs_in_first_comes_back_to_the_article_that_is_added(dam):
    answer = cast.vera().get(f"{COLLECTIONS}add/{dam.pk}/")

    assert (answer.status_code, answer["Location"]) == (303, f"/join/?next={COLLECTIONS}add/{dam.pk}/")


@pytest.mark.parametrize("article", ["0", "999999", "9" * 30])
def test_nothing_is_told_of_what_cannot_be_added(browser, article):
    assert browser.get(f"{COLLECTIONS}add/{article}/").status_code in (200, 404)


def test_made_twice_it_is_one(browser):
    for title in ("Rivers", "rivers"):
        browser.post(COLLECTIONS, {"title": title})

    assert Collection.objects.count() == 1


@pytest.mark.parametrize("title", ["", "  ", "\x00", "\u200b\n"])
def test_without_a_title_there_is_none(browser, title):
    assert browser.post(COLLECTIONS, {"title": title}).status_code == 422


def test_an_article_stands_in_it_once(browser, own, dam):
    for _ in range(2):
        browser.post(page_of(own), {"add": dam.pk})

    assert order_of(browser.get(page_of(own))) == ["The dam", "The river"]


def test_a_piece_moves_once_however_often_the_button_is_pressed(browser, own, dam, river, at):
    shelves.add_piece(own, published("The lake", at).pk, at=at)
    said = text(browser.get(page_of(own)))
    assert f'value="{dam.pk} 1" aria-label="Move down: The dam"' in said

    for _ in range(2):
        browser.post(page_of(own), {"move": f"{dam.pk} 1"})

    assert order_of(browser.get(page_of(own))) == ["The river", "The dam", "The lake"]


@pytest.mark.parametrize(
    ("to", "order"), [("0", [2, 0, 1]), ("1", [0, 2, 1]), ("9", [0, 1, 2]), ("x", [2, 0, 1]), ("9" * 30, [2, 0, 1])]
)
def test_any_place_is_a_place(to, order, browser, own, at):
    last = published("The lake", at)
    shelves.add_piece(own, last.pk, at=at)
    before = list(own.pieces.values_list("article_id", flat=True))

    browser.post(page_of(own), {"move": f"{last.pk} {to}"})

    assert list(own.pieces.values_list("article_id", flat=True)) == [before[place] for place in order]


def test_notes_are_kept_as_they_were_typed_and_do_nothing(browser, own, dam):
    browser.post(page_of(own), {"note-on": dam.pk, "note": "First\r\n<script>alert(1)</script>\x00"})

    said = text(browser.get(page_of(own)))

    assert Piece.objects.get(article_id=dam.pk).note == "First\n<script>alert(1)</script>"
    assert "<script>alert" not in said
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in said


def test_it_gets_another_title_but_not_that_of_another(browser, own, fay, at):
    shelves.make_collection(fay, "Lakes", at=at)

    assert browser.post(page_of(own), {"title": "LAKES"}).status_code == 409
    assert browser.post(page_of(own), {"title": "rivers", "about": "Mine"}).status_code == 303

    own.refresh_from_db()
    assert (own.title, own.note) == ("rivers", "Mine")


def test_it_is_removed_and_its_articles_stay(browser, own, dam):
    answer = browser.post(page_of(own), {"drop": "yes"})

    assert answer["Location"] == COLLECTIONS
    assert not Piece.objects.exists()
    assert browser.get(dam.address).status_code == 200


@pytest.mark.parametrize("data", [{"drop": "yes"}, {"share": "yes"}, {"title": "Mine"}, {"add": "1"}])
def test_another_s_collection_is_not_there(own, at, data):
    rex = cast.log_in(cast.rex(at))

    assert {rex.get(page_of(own)).status_code, rex.get(f"{page_of(own)}cite/ris/").status_code} == {404}
    assert rex.post(page_of(own), data).status_code == 404


def test_a_number_that_no_database_knows_is_none(browser):
    assert browser.get(f"{COLLECTIONS}{'9' * 30}/").status_code == 404


# Shared


@pytest.fixture
def link(browser, own, dam):
    browser.post(page_of(own), {"note-on": dam.pk, "note": "Quotes the word quillwort."})
    browser.post(page_of(own), {"title": "Rivers", "about": "For nobody else."})
    browser.post(page_of(own), {"share": "yes"})
    own.refresh_from_db()
    return f"/collections/{own.token}/"


def test_whoever_has_the_link_sees_the_list_and_nothing_of_the_notes(link, browser, fay):
    said = text(cast.vera().get(link))

    assert order_of(cast.vera().get(link)) == ["The dam", "The river"]
    assert not [word for word in ("quillwort", "nobody else", fay.email, "gauge") if word in said]


def test_nobody_else_hears_of_the_link(link):
    answer = cast.vera().get(link)

    assert "no-store" in answer["Cache-Control"]
    assert "noindex" in answer["X-Robots-Tag"]
    assert answer["Referrer-Policy"] == "no-referrer"
    assert re.fullmatch(r"/collections/[\w-]{22}/", link)


def test_a_link_that_was_ended_is_dead_and_the_next_is_another(link, browser, own):
    browser.post(page_of(own), {"unshare": "yes"})
    assert cast.vera().get(link).status_code == 404

    browser.post(page_of(own), {"share": "yes"})

    own.refresh_from_db()
    assert own.token not in link
    assert cast.vera().get(link).status_code == 404


def test_shared_twice_it_keeps_its_link(link, browser, own):
    browser.post(page_of(own), {"share": "yes"})

    assert cast.vera().get(link).status_code == 200


@pytest.mark.parametrize("token", ["wrong", "x" * 900, "%00", "é", "..", "."])
def test_a_wrong_link_opens_nothing(link, token):
    assert cast.vera().get(f"/collections/{token}/").status_code == 404


def test_whatever_is_not_on_the_site_is_left_out(link, dam, at):
    take_back(dam, by=None, at=at)
    press(dam.pk, at=at)

    assert order_of(cast.vera().get(link)) == ["The river"]


# Cited


@pytest.mark.parametrize(
    ("form", "says"),
    [
        ("ris", "TI  - The dam\r\n"),
        ("bib", "title = {{The dam}}"),
        ("json", '"title": "The dam"'),
        ("chicago", "<i>The dam</i>"),
        ("apa", "The dam. (2026, March 2). "),
        ("mla", "“The dam.”"),
    ],
)
def test_a_collection_is_cited_whole_by_its_owner_and_whoever_has_the_link(form, says, link, browser, own):
    for client, path in ((browser, page_of(own)), (cast.vera(), link)):
        said = text(client.get(f"{path}cite/{form}/"))
        assert says in said
        assert "The river" in said
        assert "quillwort" not in said


def test_a_file_is_named_after_the_collection(browser, own):
    answer = browser.get(f"{page_of(own)}cite/bib/")

    assert answer["Content-Disposition"] == 'attachment; filename="rivers.bib"'


@pytest.mark.parametrize("form", ["pdf", "xml", "RIS", "bluebook"])
def test_in_no_other_way(browser, own, form):
    assert browser.get(f"{page_of(own)}cite/{form}/").status_code == 404


def test_whoever_cites_without_end_waits(browser, own):
    assert {browser.get(f"{page_of(own)}cite/ris/").status_code for _ in range(25)} == {200, 429}


# All that is held


def test_all_of_it_is_in_the_copy_and_goes_with_the_account(fay, browser, own, dam, at):
    make.country("Mali")
    browser.post(LIST, {"later": dam.pk})
    browser.post(FOLLOWS, {"follow": "/countries/mali/"})
    browser.post(page_of(own), {"share": "yes"})

    copy = zipfile.ZipFile(io.BytesIO(browser.get("/account/export/?download=yes").content))
    held = {name: json.loads(copy.read(f"{name}.json")) for name in ("reading-list", "follows", "collections", "collected")}
    erasing.want_erased(fay, at=at)

    assert [len(rows) for rows in held.values()] == [1, 1, 1, 2]
    assert "token" not in held["collections"][0]
    assert not [model for model in (PutAside, Follow, Collection, Piece) if model.objects.exists()]


# Races


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_doubled_clicks_leave_one_of_each(fay, at):
    dam, mali = published("The dam", at), make.country("Mali")
    subject = following.subject_at(f"/countries/{mali.slug}/")

    def clicked(_):
        try:
            shelves.put_aside(fay, dam.pk, at=at)
            shelves.follow(fay, subject, at=at)
            shelves.add_piece(shelves.make_collection(fay, "Rivers", at=at), dam.pk, at=at)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(6) as pool:
        list(pool.map(clicked, range(12)))

    assert [model.objects.count() for model in (PutAside, Follow, Collection, Piece)] == [1, 1, 1, 1]


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_a_list_is_filled_to_its_brim_and_no_further(fay, at, monkeypatch):
    monkeypatch.setattr(shelves, "MOST_ASIDE", 2)
    ids = [published(f"Number {number}", at).pk for number in range(5)]

    def clicked(article):
        try:
            return bool(shelves.put_aside(fay, article, at=at))
        except shelves.ShelfFull:
            return False
        finally:
            connections.close_all()

    with ThreadPoolExecutor(5) as pool:
        assert sum(pool.map(clicked, ids)) == 2
