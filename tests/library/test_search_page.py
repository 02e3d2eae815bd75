"""Search by hand: whatever is asked by an address has a page, and says nothing that whoever asks may not read."""

import json
import re
from html import unescape

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from broadsheet.config.sights import sight_of_request
from broadsheet.design.templatetags.design import search_within
from broadsheet.library.asked import Asked, asked_in
from broadsheet.library.catching_up import folder
from broadsheet.library.documents import text_of
from broadsheet.library.finder import MOST_MISTYPED, corrections
from broadsheet.library.keeping import Reader
from broadsheet.library.queries import Sort
from broadsheet.library.query import parse
from broadsheet.library.query_forms import FORMS, forms_with
from broadsheet.library.search_page import search_page
from broadsheet.library.sight import EVERYTHING, STRANGER


def page(path):
    answer = Client().get(path)
    assert answer.status_code == 200
    return unescape(answer.content.decode())


def suggested(typed):
    return json.loads(Client().get("/search/suggest", {"q": typed}).content)["suggestions"]


# Addresses


@pytest.mark.parametrize(
    ("fields", "address"),
    [
        ({}, "/search/"),
        ({"q": [" dam  kenya "]}, "/search/?q=dam+kenya"),
        ({"sort": ["newest"], "q": ["dam"], "page": ["2"]}, "/search/?q=dam&sort=newest&page=2"),
        ({"country": ["mali", "kenya", "mali"], "region": ["africa"]}, "/search/?region=africa&country=kenya&country=mali"),
        ({"year": ["2019", "2020", "soon"]}, "/search/?year=2020"),
        ({"sort": ["relevance"], "page": ["1"], "q": [""]}, "/search/"),
        ({"sort": ["best"], "page": ["-2"], "country": ["a b", '"', ""], "utm_source": ["x"]}, "/search/"),
        ({"page": ["99999999999999999999999"]}, "/search/"),
    ],
)
def test_one_search_has_one_address(fields, address):
    assert asked_in(fields).address == address


@given(st.dictionaries(st.sampled_from(["q", "country", "year", "sort", "page", "x"]), st.lists(st.text(), max_size=3)))
def test_an_address_says_again_what_it_was_made_of(fields):
    asked = asked_in(fields)
    said: dict[str, list[str]] = {}
    for name, value in asked.parameters:
        said.setdefault(name, []).append(value)

    assert asked_in(said) == asked


@pytest.mark.parametrize("typed", ['"never closed', "dam OR", "-", "x" * 3_000])
def test_what_it_is_narrowed_to_stands_whatever_was_typed_beside_it(typed):
    assert str(parse(Asked(typed, (("country", "mali"),)).text)).startswith("country:mali")


def test_what_is_narrowed_is_widened_again():
    asked = Asked("dam", sort=Sort.NEWEST, page=3)
    narrowed = asked.narrowed("year", "2019").narrowed("country", "mali").narrowed("year", "2020")

    assert narrowed.filters == (("country", "mali"), ("year", "2020"))
    assert narrowed.widened("year", "2020").widened("country", "mali") == Asked("dam", sort=Sort.NEWEST)
    assert Asked('dam country:"north korea"').widened("country", "north-korea", name="North Korea").typed == "dam"


def test_a_request_that_came_past_no_gate_has_no_right(rf):
    assert sight_of_request(rf.get("/search/")) is STRANGER


# The page


@pytest.mark.django_db
def test_a_page_of_results_shows_where_the_words_stand(library):
    html = page("/search/?q=river+digging")

    assert '<a href="/briefings/rivers-of-gold/"><mark>Rivers</mark> of gold</a>' in html
    assert "Who <mark>digs</mark>, and who pays." in html
    assert "Ada Writer" in html
    assert 'class="teaser-members">Subscribers' in html


@pytest.mark.django_db
def test_results_stand_page_by_page_at_addresses_that_can_be_shared(library):
    first = page("/search/?q=dam&country=kenya")
    older = re.search(r'rel="next nofollow" href="([^"]*)"', first)

    assert "<b>12 articles</b>, page 1 of 2" in first
    assert older
    assert older[1] == "/search/?q=dam&country=kenya&page=2"
    assert page(older[1]).count("<article") == 2


@pytest.mark.django_db
def test_a_long_search_keeps_its_end_where_it_is_narrowed(library):
    assert "<b>11 articles</b>" in page(f"/search/?q={'dam+' * 127}-7&country=kenya&type=note")


@pytest.mark.django_db
def test_each_way_to_narrow_leads_to_as_many_as_it_says_and_back(library):
    html = page("/search/")
    ways = re.findall(r'<li><a href="([^"]*)" rel="nofollow">[^<]*</a> <span class="count">(\d+)</span>', html)

    assert ("/search/?country=kenya", "12") in ways
    assert ("/search/?author=ada-writer", "1") not in ways  # the only contributor narrows nothing
    for address, count in ways:
        narrowed = page(address)
        assert f"<b>{count} article" in narrowed
        assert re.search(r'href="/search/" rel="nofollow" aria-current="true"', narrowed)


@pytest.mark.django_db
def test_nobody_learns_what_stands_beyond_the_cut(library):
    known, unheard = (page(f"/search/?q={word}") for word in ("quillwort", "quollwirt"))

    assert known.replace("quillwort", "quollwirt") == unheard
    assert "quillwort" not in page("/search/?q=river")


@pytest.mark.django_db
def test_what_was_mistyped_is_read_as_the_library_knows_it(library):
    html = page("/search/?q=rivrs")

    assert "<b>rivers</b>" in html
    assert "/briefings/rivers-of-gold/" in html


@pytest.mark.django_db
def test_where_nothing_is_found_something_helps(library):
    html = page("/search/?q=gold&country=kenya&issue=water")

    assert 'search <a href="/search/?q=gold&issue=water" rel="nofollow">without “Kenya”</a> <span class="count">1</span>' in html
    assert "without “Water”" not in html  # nothing is found then, either
    assert re.search(r'without “Kenya”</a> <span class="count">1<', page('/search/?q="gold+river"&country=kenya'))  # read plainly
    assert '<a href="/countries/mali/">Mali</a>' in page("/search/?q=mali&country=kenya")


@pytest.mark.django_db
def test_nobody_but_whoever_asked_keeps_an_answer(library):
    for path in ("/search/?q=dam", "/search/suggest?q=dam"):
        answer = Client().get(path)
        assert answer["Cache-Control"] == "private, no-store"
    assert Client().get("/search/?q=dam")["X-Robots-Tag"] == "noindex, nofollow"
    assert '<meta name="robots" content="noindex">' in page("/search/?q=dam")


@pytest.mark.django_db
def test_an_index_that_is_not_there_yet_is_said_in_a_sentence(settings, tmp_path):
    settings.STATE = tmp_path

    html = page("/search/?q=dam&country=kenya")
    assert "The library is being put in order; try again in a minute." in html
    assert "Nothing was found" not in html
    assert suggested("dam") == []
    assert "country:kenya" in page("/search/help/")


@pytest.mark.django_db
@pytest.mark.parametrize(
    "query",
    [
        "q=" + "word%20" * 2_000,
        "q=%00%01&country=%00",
        "q=%ED%A0%80&country=%ED%A0%80",
        "q=%22%22%22a%22&sort=%22",
        "q=" + "a+OR+" * 500,
        "q=" + "-a+" * 500,
        "q=" + "a*+" * 500,
        "q=(a%2B)%2B%24%5B%5D%7B9%7D*",
        "q=country%3A%22%22+before%3A9999-99+after%3A",
        "q=<script>alert(1)</script>",
        "q=\\&page=9999999999&page=x&year=9999&year=0000",
        "&".join(f"country=c{n}" for n in range(900)),
        "&".join(f"x{n}=1" for n in range(2_000)),
        "q[]=a&q=%F0%9F%8C%8D",
    ],
)
def test_44_whatever_is_asked_has_an_answer(query, library):
    html = Client().get(f"/search/?{query}").content.decode()

    assert "<main" in html
    assert "<script>alert" not in html
    for path in ("/search/suggest", "/search/help/"):
        assert Client().get(f"{path}?{query}").status_code == 200


def test_44_only_so_many_words_are_looked_for_as_they_were_meant(library):
    looking = Reader(folder()).looking(STRANGER)
    slips = ["rivrs", "riverz", "ivers", "riers", "rvers", "rives", "rivesr", "riverss", "rrivers", "irvers"]

    assert len(corrections(looking, parse(" ".join(slips)))) == MOST_MISTYPED < len(slips)
    assert corrections(looking, parse(f"river{'s' * 1_000}")) == {}


# Suggestions


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("typed", "kind", "path"),
    [
        ("rive", "Article", "/briefings/rivers-of-gold/"),
        ("ken", "Country", "/search/?country=kenya"),
        ("dam ken", "Country", "/search/?q=dam&country=kenya"),
        ("wat", "Issue", "/search/?issue=water"),
        ("writ", "Contributor", "/search/?author=ada-writer"),
    ],
)
def test_what_is_typed_leads_on(typed, kind, path, library):
    assert (kind, path) in {(one["kind"], one["path"]) for one in suggested(typed)}


@pytest.mark.django_db
def test_what_stands_beyond_the_cut_is_suggested_to_nobody(library):
    assert suggested("quillw") == []


@pytest.mark.parametrize(
    ("paths", "address"),
    [
        (["/countries/north-korea/"], "/search/?country=north-korea"),
        (["/contributors/ada-writer/"], "/search/?author=ada-writer"),
        (["/countries/kenya/", "/countries/ethiopia/"], "/search/?country=ethiopia&country=kenya"),
        (["/latest/"], ""),
        (["/briefings/a-dam/"], ""),
    ],
)
def test_a_list_leads_to_the_search_within_it(paths, address):
    assert search_within(*paths) == address


# The language


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.written)
def test_every_example_is_read_as_it_is_explained(form):
    query = parse(form.example)

    assert not query.remarks
    assert str(query) == form.example
    if ":" in form.written:
        assert form.written in form.example


@pytest.mark.django_db
def test_examples_name_what_the_library_has(library):
    assert forms_with({"country": "mali"})[6].example == "country:mali"
    html = page("/search/help/")
    assert all(unescape(form.written) in html for form in FORMS)
    assert "/search/?q=country%3Akenya" in html


@pytest.mark.django_db
def test_whoever_asks_too_often_is_told_to_wait(settings, library):
    settings.ACCOUNT_RATE_LIMITS = settings.ACCOUNT_RATE_LIMITS | {"search": "1/m/ip", "suggest": "1/m/ip"}
    for path in ("/search/", "/search/suggest"):
        answers = [Client().get(path) for _ in range(2)]
        assert [answer.status_code for answer in answers] == [200, 429]


def test_two_blocks_of_a_text_do_not_run_into_one_word():
    assert text_of("<ul><li><a>Headline</a><p>Note</p></li><li>Last</li></ul>") == "Headline\nNote\nLast"


@pytest.mark.django_db
def test_whoever_searches_beginnings_alone_is_told_so(library, at):
    assert "only the beginning is searched" in page("/search/?q=dam")

    asked = asked_in({"q": ["dam"]})
    assert [search_page(asked, sight=sight, at=at).in_part for sight in (STRANGER, EVERYTHING)] == [True, False]
