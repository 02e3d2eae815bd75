"""LEAKS 4, 5, 14, 24, 43: what pages say of themselves, what staff may fetch, and what an import brings."""

import json

import pytest
from django.conf import settings
from selectolax.lexbor import LexborHTMLParser

from broadsheet.config import importing
from broadsheet.membership.models import Reader
from broadsheet.newsroom.imports.axes import lay_out_places
from broadsheet.newsroom.models import Article
from broadsheet.press.actions import press
from tests import make
from tests.leaks.door import Answer
from tests.leaks.reading import words_in
from tests.leaks.world import AT, KINDS

AUDIENCES = ("registered", "metered", "members")
HEADS = ("description", "og:description", "twitter:description", "citation_abstract")


def told(answer: Answer) -> dict:
    script = LexborHTMLParser(answer.text).css_first("script[type='application/ld+json']")
    assert script is not None
    return dict(json.loads(script.text()))


@pytest.mark.parametrize("kind", KINDS)
def test_4_structured_data_says_what_is_hidden_and_where(kind, world, cast, house, vera):
    sada = cast.at_the_door("sada", house)
    for audience in AUDIENCES:
        piece = world.piece(kind, audience)
        for answer in (vera.get(piece.path), sada.get(piece.path)):
            assert told(answer)["isAccessibleForFree"] is False
            assert told(answer)["hasPart"]["isAccessibleForFree"] is False
        full = LexborHTMLParser(sada.get(piece.path).text)
        for hidden in full.css(told(answer)["hasPart"]["cssSelector"]):
            hidden.decompose()
        assert world.vocabulary.found_in(full.html or "") & world.vocabulary.of(piece.name) == set()
    assert told(vera.get(world.piece(kind, "open").path))["isAccessibleForFree"] is True


def test_5_a_description_made_of_the_text_ends_where_the_free_part_ends(vera, house, world):
    article = make.article(
        headline="Untold", standfirst="", body=["Few words.", "More words that are paid for."], audience="members"
    )
    press(article.pk, at=AT)
    house.settle()

    html = LexborHTMLParser(vera.get(article.address).text)
    said = [node.attributes["content"] for name in HEADS for node in html.css(f"[name='{name}'], [property='{name}']")]
    assert said
    assert not [text for text in said if "paid for" in (text or "")]


# 14, 24: staff


@pytest.mark.parametrize("path", ["/admin/users/", "/admin/terms/", "/admin/institutions/", "/admin/redirects/"])
def test_14_a_writer_has_no_business_with_readers(path, cast, house):
    assert cast.at_the_door("carlo", house).get(f"{path}?export=csv").status in (302, 303, 403, 404)


@pytest.mark.parametrize("report", ["site-history", "aging-pages", "locked", "workflow", "page-types-usage"])
def test_14_what_a_writer_exports_tells_of_no_draft_of_another(report, cast, house, world):
    answer = cast.at_the_door("carlo", house).get(f"/admin/reports/{report}/?export=csv")

    assert answer.status < 500
    assert not [word for word in words_in(world, answer) if word.audience == "hidden"]


def test_14_a_writer_reads_no_draft_of_another(cast, house, world):
    carlo = cast.at_the_door("carlo", house)
    for piece in world.hidden.values():
        for path in (
            f"/admin/pages/{piece.id}/edit/",
            f"/admin/pages/{piece.id}/view_draft/",
            f"/admin/pages/{piece.id}/history/",
        ):
            told_him = words_in(world, carlo.get(path)) & world.vocabulary.of(piece.name)
            assert {word.place for word in told_him} <= {"headline"}


@pytest.mark.parametrize(
    "path", ["/no/such/page/", "/admin/pages/99999/edit/", "/media/nothing.webp", "/join/link/x/", "/feed.xml"]
)
def test_14_a_page_of_trouble_tells_nothing_of_the_house(path, cast, house, vera):
    for browser in (vera, cast.at_the_door("sada", house)):
        for method in ("GET", "PUT", "DELETE", "OPTIONS", "PATCH"):
            answer = browser.get(path, method=method)
            assert answer.status < 500
            assert not [word for word in ("Traceback", "settings", str(settings.STATE), "Django") if word in answer.text]


def test_24_without_the_second_factor_an_editor_is_given_no_file_of_the_desk(cast, house, world):
    edda = cast.at_the_door("edda", house)
    name = next(name for name, word in world.files.items() if word.article == "never published")
    assert edda.get(f"/media/{name}").status == 200

    Reader.objects.get(email="edda@example.org").authenticator_set.all().delete()
    assert edda.get(f"/media/{name}").status == 404


# 43: an import is paid from its first second, and its report is no way around the wall


def test_43_what_is_imported_stands_behind_the_wall_from_the_first_second(vera, house, world, tmp_path):
    lay_out_places()
    paid = "zugzwang"
    body = f"<p>{'Free words. ' * 80}</p><p>{paid}</p><script>{paid}</script><p>The end.</p>"
    items = [{"id": f"i{n}", "title": f"Old {n}", "date": "2020-02-29", "body_html": body, "kind": "article"} for n in range(3)]
    file, report = tmp_path / "library.jsonl", tmp_path / "report.jsonl"
    file.write_text("\n".join(map(json.dumps, [*items, {"id": "bad", "title": "Bad", "date": "2020-13-45", "body_html": body}])))

    importing.bring_in(file, source="library", report=report)
    house.settle()

    imported = Article.objects.filter(source="library")
    assert imported.count() == 3
    for article in imported:
        answer = vera.get(article.address)
        assert (answer.status, paid in answer.text) == (200, False)
    for path in ("/", "/latest/", "/briefings/", "/briefings/2020/02/", "/briefings/feed.rss", "/feed.json"):
        assert paid not in vera.get(path).text
    assert paid not in report.read_text()


def test_43_nothing_in_the_state_folder_is_served(vera, cast, house):
    for name in ("broadsheet.sqlite3", "tests.sqlite3", "imports/report.jsonl", "spool/x.ready", "broadsheet.env", "clock"):
        for path in (f"/{name}", f"/media/../{name}", f"/static/../{name}", f"/media/%2e%2e/{name}", f"/static/%2e%2e/{name}"):
            for browser in (vera, cast.at_the_door("petra", house)):
                assert browser.get(path).status in (301, 302, 404), path
