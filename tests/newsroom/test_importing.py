"""A library comes in whole, item by item reported, and coming twice changes nothing."""

import gzip
import json
from zoneinfo import ZoneInfo

import pytest
import zstandard
from django.db import ProgrammingError, connection
from django.db.utils import OperationalError
from wagtail.models import Page

from broadsheet.access.terms import Audience
from broadsheet.newsroom.imports.axes import lay_out_places
from broadsheet.newsroom.imports.library import import_library
from broadsheet.newsroom.imports.shelf import NoIndex, Outcome, Shelf
from broadsheet.newsroom.models import Article, Contributor, Country, Issue, Report
from tests import make

pytestmark = pytest.mark.django_db
LONDON = ZoneInfo("Europe/London")


@pytest.fixture
def site(at):
    make.publication(at=at)
    lay_out_places()


def item(id="one", **fields):
    told = {"title": "A Title", "date": "2020-02-29", "body_html": "<p>First.</p><p>Second.</p>", "kind": "article", **fields}
    return json.dumps({"id": id, **told}).encode()


@pytest.fixture
def bring(tmp_path, site, at):
    def _bring(*lines, name="library.jsonl", **options):
        data = b"\n".join(lines) + b"\n"
        packed = {".gz": gzip.compress, ".zst": zstandard.ZstdCompressor().compress}.get("." + name.rpartition(".")[2], bytes)
        (tmp_path / name).write_bytes(packed(data))
        shelf = Shelf(source="library", zone=LONDON)
        return [line for settled in import_library(tmp_path / name, shelf, at=at, **options) for line in settled]

    return _bring


def outcomes(lines):
    return [line.shelved.outcome for line in lines]


@pytest.mark.parametrize("name", ["library.jsonl", "library.jsonl.gz", "library.jsonl.zst"])
def test_an_item_becomes_a_live_article_however_the_file_is_packed(bring, name):
    assert outcomes(bring(item(), name=name)) == [Outcome.IMPORTED]

    article = Article.objects.get(source_id="one").specific
    assert (article.title, article.live, article.kind, article.audience) == ("A Title", True, "briefing", Audience.METERED)
    assert article.dated_at.isoformat() == "2020-02-29T06:00:00+00:00"
    assert [block.value.source for block in article.body] == ["<p>First.</p>", "<p>Second.</p>"]


def test_an_import_leaves_the_tree_in_order(bring):
    bring(*[item(str(n), title=f"Title {n}", kind=kind) for n, kind in enumerate(["article", "essay", "interview"] * 5)])

    assert all(problems == [] for problems in Page.find_problems())
    assert Page.objects.get(slug="reports").numchild == 5


def test_no_article_comes_to_stand_where_a_list_has_its_archive(bring):
    bring(item(title="Archive"))

    assert Article.objects.get().slug == "archive-2020-02-29"


def test_whoever_is_called_as_a_part_of_a_list_has_a_page_beside_it(bring):
    bring(item("one", authors=["Archive"], topics=["Page"]), item("two", title="Another", authors=["Archive"]))

    assert Contributor.objects.values_list("name", "slug").get() == ("Archive", "the-archive")
    assert Issue.objects.values_list("name", "slug").get() == ("Page", "the-page")
    assert bring(item("one", authors=["Archive"], topics=["Page"]))[0].shelved.outcome is Outcome.UNCHANGED


def test_the_same_file_twice_brings_nothing_new(bring):
    bring(item("one"), item("two"))

    assert outcomes(bring(item("two"), item("one"))) == [Outcome.UNCHANGED, Outcome.UNCHANGED]
    assert Article.objects.count() == 2


def test_a_changed_item_updates_its_article_and_keeps_its_address(bring):
    bring(item(title="Old", authors=["Ann"]))
    before = Article.objects.get().url_path

    assert outcomes(bring(item(title="New", authors=["Bob"], countries=["FR"]))) == [Outcome.UPDATED]
    article = Article.objects.get()
    assert (article.title, article.url_path) == ("New", before)
    assert [byline.contributor.name for byline in article.bylines.all()] == ["Bob"]
    assert [country.code for country in article.countries.all()] == ["FR"]


def test_what_was_edited_on_the_desk_is_not_overwritten(bring):
    bring(item(title="Imported"))
    article = Article.objects.get().specific
    article.title = "Edited"
    article.save_revision().publish()

    (line,) = bring(item(title="Imported anew"))
    assert (line.shelved.outcome, line.shelved.remarks) == (Outcome.SKIPPED, ("edited on the desk since: left as it is",))
    assert Article.objects.get().title == "Edited"


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (b"{not json", "not JSON"),
        (b'["a list"]', "a JSON object is needed"),
        (b'{"id": "x", "title": "caf\xe9"}', "not UTF-8 at byte"),
        (item(id=""), "no id"),
        (item(title=None), "no title"),
        (item(title=["a"]), "title is a list"),
        (item(date="2021-02-29"), "no day of the calendar"),
        (item(date="9999-01-01"), "outside 1500 to 2100"),
        (item(body_html=None), "no body_html"),
        (item(body_html="<p> </p>"), "holds no text"),
        (item(body_html="<p>" + "x" * 5_000_000 + "</p>"), "at most 2,000,000 are taken"),
        (item(audience="everybody"), "audience 'everybody' is none of"),
        (item(countries="FR"), "countries takes a list"),
        (b"[" * 100_000, "not JSON"),
        (b'{"id": ' + b"9" * 5_000 + b"}", "a number has too many digits"),
        (item(body_html="<div>" * 201 + "Text"), "nested deeper than 200 tags"),
        (item(body_html="<div></i>" * 201 + "Text"), "nested deeper than 200 tags"),
        (item(date="2026-03-03"), "date 2026-03-03 lies ahead"),
    ],
)
def test_a_line_that_cannot_be_an_article_is_skipped_with_its_reason_and_the_others_come(bring, line, said):
    told = bring(item("before"), line, item("after"))

    assert outcomes(told) == [Outcome.IMPORTED, Outcome.SKIPPED, Outcome.IMPORTED]
    assert told[1].number == 2
    assert said in told[1].shelved.remarks[0]
    assert Article.objects.count() == 2


def test_a_line_longer_than_we_take_is_skipped_and_the_next_is_read(bring):
    told = bring(item("long", body_html="x" * 9_000_000), item("after"))

    assert outcomes(told) == [Outcome.SKIPPED, Outcome.IMPORTED]


def test_an_id_that_comes_again_is_skipped_with_the_line_of_the_first(bring):
    told = bring(item("one"), item("one", title="Again"))

    assert told[1].shelved.remarks == ("id 'one' stands on line 1 already",)
    assert Article.objects.get().title == "A Title"


def test_an_unknown_country_is_left_out_and_said(bring):
    (line,) = bring(item(countries=["FR", "ZZ"]))

    assert line.shelved.remarks == ("unknown country 'ZZ' left out",)
    assert [country.code for country in Article.objects.get().countries.all()] == ["FR"]


def test_unknown_topics_and_authors_are_made(bring):
    bring(item(topics=["Water & Rivers"], authors=["Ann Author", "Bob Author"]))

    assert Issue.objects.get(slug="water-rivers").name == "Water & Rivers"
    assert [byline.contributor.slug for byline in Article.objects.get().bylines.all()] == ["ann-author", "bob-author"]


def test_regions_follow_from_countries_where_an_item_names_none(bring):
    bring(item(countries=["EG"]))

    assert [region.slug for region in Article.objects.get().regions.all()] == ["middle-east-north-africa"]


@pytest.mark.parametrize(
    ("kind", "type_", "audience"),
    [
        ("country-profile", "report", Audience.OPEN),
        ("essay", "report", Audience.MEMBERS),
        ("interview", "interview", Audience.METERED),
        ("daily-digest", "roundup", Audience.METERED),
        ("speech", "briefing", Audience.METERED),
    ],
)
def test_kinds_become_types_with_their_audience_if_the_importer_says_so(bring, kind, type_, audience):
    bring(item(kind=kind), audiences_by_kind=True)

    article = Article.objects.get().specific
    assert (article.kind, article.audience) == (type_, audience)


@pytest.mark.parametrize("kind", ["country-profile", "essay", "interview"])
def test_what_names_no_audience_is_metered_from_the_first_second(bring, kind):
    bring(item(kind=kind))

    assert Article.objects.get().audience == Audience.METERED


def test_an_article_of_today_with_many_tags_side_by_side_comes(bring):
    assert outcomes(bring(item(date="2026-03-02", body_html="<p>One <b>word</b><br>" * 500))) == [Outcome.IMPORTED]


@pytest.mark.parametrize("word", ["TR", "tr", "Turkey", "TÜRKIYE", "türkiye"])
def test_a_country_is_known_by_its_code_and_its_names(bring, word):
    (line,) = bring(item(countries=[word]))

    assert line.shelved.remarks == ()
    assert Article.objects.get().main_country.code == "TR"


def test_a_country_profile_is_a_country_report(bring):
    bring(item(kind="country-profile"))

    assert Report.objects.get().report_kind == Report.Kind.COUNTRY


def test_items_of_one_title_have_addresses_of_their_own(bring):
    bring(item("a"), item("b"), item("c", date="2021-01-01"))

    assert len(set(Article.objects.values_list("url_path", flat=True))) == 3


def test_what_the_desk_renamed_stays_renamed(bring):
    Country.objects.filter(code="FR").update(name="The French Republic")
    bring(item(countries=["FR"]))

    assert Country.objects.get(code="FR").name == "The French Republic"


def test_without_a_site_the_import_says_what_to_do(tmp_path, at, db):
    (tmp_path / "library.jsonl").write_bytes(item())

    with pytest.raises(NoIndex, match="lay out the site first"):
        list(import_library(tmp_path / "library.jsonl", Shelf(source="library", zone=LONDON), at=at))


@pytest.mark.django_db(transaction=True)
def test_a_batch_that_fails_midway_leaves_nothing_half_imported(tmp_path, at):
    make.publication(at=at)
    (tmp_path / "library.jsonl").write_bytes(b"\n".join([item("a"), item("b")]))
    shelf = Shelf(source="library", zone=LONDON)
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE newsroom_briefing RENAME TO away")
    try:
        with pytest.raises((OperationalError, ProgrammingError), match="newsroom_briefing"):
            list(import_library(tmp_path / "library.jsonl", shelf, at=at))
    finally:
        with connection.cursor() as cursor:
            cursor.execute("ALTER TABLE away RENAME TO newsroom_briefing")

    assert Page.objects.filter(depth=4).count() == 0
