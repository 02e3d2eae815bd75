"""Lists, their pages, months, archives and indexes; and that a publish touches those that show it and no others."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client
from wagtail.contrib.redirects.models import Redirect

from broadsheet.newsroom.models import Article, NewsroomRules
from broadsheet.press import actions, queries
from broadsheet.press.models import Slip
from tests import make
from tests.press.proofs import changed, is_gone, page, read

pytestmark = pytest.mark.django_db


@pytest.fixture
def short_lists():
    rules = NewsroomRules.load()
    rules.listing_length = 2
    rules.save()


def headlines(path: str, at: datetime) -> list[str]:
    return re.findall(r">(No \d+)</a>", page(path, at))


def links(path: str, at: datetime) -> tuple[str, str]:
    found = re.search(r'rel="prev" href="([^"]*)".*rel="next" href="([^"]*)"', page(path, at))
    assert found
    return found[1], found[2]


def library(count: int, at: datetime, **fields) -> list[Article]:
    """No 1 is the oldest; one a day, the newest a day ago."""
    days = range(count, 0, -1)
    articles = [make.article(headline=f"No {count - day + 1}", at=at - timedelta(days=day), **fields) for day in days]
    actions.press_many([article.pk for article in articles], at=at)
    return articles


@pytest.mark.usefixtures("short_lists")
def test_pages_count_from_the_oldest_and_the_head_shows_the_newest(at):
    library(7, at)

    assert headlines("/latest/page/1/", at) == ["No 2", "No 1"]
    assert headlines("/latest/page/2/", at) == ["No 4", "No 3"]
    assert headlines("/latest/", at) == ["No 7", "No 6", "No 5"]


@pytest.mark.usefixtures("short_lists")
def test_one_walks_from_the_head_to_the_oldest_and_back_without_meeting_anything_twice(at):
    library(7, at)

    assert links("/latest/", at) == ("", "/latest/page/2/")
    assert links("/latest/page/2/", at) == ("/latest/", "/latest/page/1/")
    assert links("/latest/page/1/", at) == ("/latest/page/2/", "")


@pytest.mark.parametrize("path", ["/latest/page/5/", "/latest/2019/01/", "/countries/nowhere/", "/nothing/", "/latest/page/0/"])
def test_there_is_no_page_where_there_is_nothing(path, at):
    library(2, at)

    assert actions.press_page(path, at=at) is None


def test_an_axis_without_articles_has_a_page_already(at):
    make.country("Kenya")

    assert "Kenya" in page("/countries/kenya/", at)


@pytest.mark.parametrize(
    "path",
    [
        *("/briefings/", "/countries/kenya/", "/regions/africa/", "/issues/water/", "/sections/diplomacy/"),
        *("/series/the-long-border/", "/contributors/ada-moor/", "/latest/"),
    ],
)
def test_every_axis_has_a_page_with_a_month_an_archive_and_feeds(path, at):
    region = make.region("Africa")
    article = make.article(
        headline="No 1",
        contributors=[make.contributor("Ada Moor")],
        countries=[make.country("Kenya", regions=[region])],
        issues=[make.issue("Water")],
        section=make.section("Diplomacy"),
        series=make.series("The Long Border"),
    )
    actions.press(article.pk, at=at)

    for part in ("", "2026/03/", "feed.rss", "feed.atom", "feed.json", *(() if "contributors" in path else ("page/1/",))):
        assert "No 1" in page(f"{path}{part}", at)
    assert "March" in page(f"{path}archive/", at)


def test_months_link_to_the_months_beside_them_that_have_articles(at):
    for month in (1, 4, 9):
        actions.press(make.article(at=datetime(2025, month, 5, tzinfo=UTC)).pk, at=at)

    assert links("/latest/2025/04/", at) == ("/latest/2025/09/", "/latest/2025/01/")
    assert links("/latest/2025/01/", at) == ("/latest/2025/04/", "")


def test_an_archive_counts_its_months(at):
    for day in (3, 4):
        actions.press(make.article(at=datetime(2025, 4, day, tzinfo=UTC)).pk, at=at)

    assert re.search(r'<h2>2025</h2>\s*<a href="/latest/2025/04/">April</a> 2', page("/latest/archive/", at))


def test_an_index_names_what_something_stands_under_by_region(at):
    africa = make.region("Africa")
    actions.press(make.article(countries=[make.country("Kenya", regions=[africa])]).pk, at=at)
    make.country("Japan")

    index = page("/countries/", at)

    assert "<h2>Africa</h2>" in index
    assert re.search(r'<a href="/countries/kenya/">Kenya</a> 1', index)
    assert "Japan" not in index


# What a publish touches


def test_a_publish_touches_exactly_the_pages_that_show_it(at):
    NewsroomRules.objects.update_or_create(pk=1, defaults={"listing_length": 3})
    kenya = make.country("Kenya")
    make.country("Japan")
    library(7, at, countries=[kenya])
    untouched = ["/latest/page/1/", "/latest/page/2/", "/latest/2026/02/", "/countries/japan/", "/regions/", "/robots.txt"]
    lazy = ["/latest/page/3/", "/latest/2026/03/", "/latest/archive/", "/latest/feed.rss", "/countries/", "/sitemap.xml"]
    eager = ["/", "/latest/", "/countries/kenya/", "/briefings/"]
    for path in (*untouched, *lazy, *eager):
        page(path, at)

    actions.press(make.article(headline="No 8", countries=[kenya], at=at).pk, at=at)

    assert {path: is_gone(path) for path in lazy} == dict.fromkeys(lazy, True)
    assert {path: is_gone(path) for path in (*untouched, *eager)} == dict.fromkeys((*untouched, *eager), False)
    assert set(queries.due(at).values_list("path", flat=True)) == set(eager)


def test_what_is_due_is_printed_again_and_is_due_no_more(at):
    library(2, at)
    page("/latest/", at)
    actions.press(make.article(headline="No 3", at=at).pk, at=at)

    assert actions.print_due(at=at) == 1
    assert actions.print_due(at=at) == 0
    assert "No 3" in read(Slip.objects.get(path="/latest/").full_cut)


def test_a_page_that_somebody_is_printing_is_not_taken_by_another(at):
    library(1, at)
    page("/latest/", at)
    actions.stale({"list:latest"}, at=at)
    taken = Slip.objects.get(path="/latest/")

    assert actions._take(taken, at=at)
    assert not actions._take(taken, at=at)
    assert list(queries.due(at)) == []
    assert list(queries.due(at + actions.TAKEN_FOR)) == [taken]


def test_a_headline_that_changes_is_changed_wherever_it_stands(at):
    kenya = make.country("Kenya")
    first, second = library(2, at, countries=[kenya])
    for path in ("/latest/", "/latest/2026/02/", "/latest/feed.json"):
        page(path, at)
    # The newer one names the older as related.
    assert "No 1" in read(Slip.objects.get(path=second.address).full_cut)

    actions.press(changed(first, title="Quite another").pk, at=at)
    actions.print_due(at=at)

    assert is_gone("/latest/2026/02/")
    assert is_gone("/latest/feed.json")
    for path in ("/latest/", second.address):
        assert "Quite another" in read(Slip.objects.get(path=path).full_cut)


def test_a_withdrawn_article_leaves_every_page(at):
    first, second = library(2, at, countries=[make.country("Kenya")])
    for path in ("/", "/latest/", "/latest/2026/02/", "/latest/feed.json", "/sitemap-2026-02.xml"):  # of 28 February
        page(path, at)
    Article.objects.filter(pk=first.pk).update(withdrawn_at=at)

    actions.press(first.pk, at=at)
    actions.print_due(at=at)

    standing = Slip.objects.filter(gone=False, withdrawn=False)
    assert {slip.path for slip in standing} == {"/", "/latest/", "/withdrawn/", second.address}
    assert not any("No 1" in read(slip.full_cut) for slip in standing)
    assert actions.press_page("/latest/2026/02/", at=at) is None


def test_a_contributor_who_is_renamed_is_renamed_under_the_article_and_on_the_index(at):
    ada = make.contributor("Ada Moor")
    article = make.article(contributors=[ada])
    actions.press(article.pk, at=at)
    page("/contributors/", at)
    page("/contributors/ada-moor/", at)
    ada.name = "Ada Moor-Hale"
    ada.save()

    actions.stale({f"contributor:{ada.pk}"}, at=at)
    actions.print_due(at=at)

    assert is_gone("/contributors/")
    for path in (article.address, "/contributors/ada-moor/"):
        assert "Ada Moor-Hale" in read(Slip.objects.get(path=path).full_cut)


def test_an_axis_value_that_is_gone_has_no_page(at):
    issue = make.issue("Water")
    page("/issues/water/", at)
    key = f"issue:{issue.pk}"
    issue.delete()

    actions.stale({key}, at=at)
    actions.print_due(at=at)

    assert is_gone("/issues/water/")


def renamed(row, slug):
    row.slug = slug
    row.save()


def leads_to(path):
    answer = Client().get(path)
    return answer["Location"] if answer.status_code == 301 else answer.status_code


@pytest.mark.parametrize("heeded", ["by a nudge", "by the sweep", "while the head was printed"])
def test_the_old_addresses_of_a_list_lead_to_the_new_ones(heeded, at):
    mali = make.country("Mali")
    library(1, at, countries=[mali])
    parts = ["", "feed.rss", "archive/", "page/1/", "2026/03/"]
    for part in parts:
        page(f"/countries/mali/{part}", at)

    renamed(mali, "mali-sahel")
    if heeded == "while the head was printed":
        actions.press_page("/countries/mali/", at=at)
    if heeded == "by the sweep":
        actions.press_stale(at=at, press_one=print)
    else:
        actions.stale({f"country:{mali.pk}"}, at=at)
    actions.print_due(at=at)

    assert [leads_to(f"/countries/mali/{part}") for part in parts] == [f"/countries/mali-sahel/{part}" for part in parts]
    assert leads_to("/countries/mali-sahel/") == 200


@pytest.mark.parametrize("printed", ["/issues/water/", "/latest/"])
def test_the_sweep_puts_articles_on_their_list_under_its_new_name_and_finds_them_no_more(printed, at):
    water = make.issue("Water")
    library(1, at, issues=[water])
    page(printed, at)
    renamed(water, "waters")
    page("/issues/waters/", at)

    actions.press_stale(at=at, press_one=print)
    assert queries.left_at_former_addresses() == set()
    actions.print_due(at=at)

    assert headlines("/issues/waters/page/1/", at) == ["No 1"]
    assert queries.left_at_former_addresses() == set()


def test_every_old_address_of_a_list_that_moves_twice_leads_to_it_in_one_step(at):
    water = make.issue("Water")
    renamed(water, "waters")
    renamed(water, "rivers")

    assert [leads_to(path) for path in ("/issues/water/", "/issues/waters/")] == ["/issues/rivers/"] * 2


def test_a_list_that_moves_back_has_its_page_again(at):
    water = make.issue("Water")
    page("/issues/water/", at)
    renamed(water, "waters")
    page("/issues/waters/", at)
    renamed(water, "water")

    actions.press_stale(at=at, press_one=print)
    actions.print_due(at=at)

    assert [leads_to(path) for path in ("/issues/water/", "/issues/waters/")] == [200, "/issues/water/"]


def test_whoever_takes_the_old_name_of_another_has_its_address(at):
    water = make.issue("Water")
    page("/issues/water/", at)
    renamed(water, "rivers")

    taker = make.issue("Drinking Water", slug="water")
    for row in (taker, water):  # whichever nudge comes first, or late
        actions.stale({f"issue:{row.pk}"}, at=at)
        actions.print_due(at=at)

    assert "Drinking Water" in read(Slip.objects.get(path="/issues/water/").full_cut)
    assert leads_to("/issues/water/feed.rss") == 200


def test_an_old_name_leads_to_whoever_had_it_last(at):
    renamed(make.issue("Water"), "rivers")
    renamed(make.issue("Drinking Water", slug="water"), "taps")

    assert leads_to("/issues/water/") == "/issues/taps/"


def test_nothing_leads_to_a_part_that_a_moved_list_does_not_have(at):
    water = make.issue("Water")
    library(1, at, issues=[water])
    renamed(water, "waters")

    assert leads_to("/issues/water/page/999/") == 404
    assert leads_to("/issues/water/") == "/issues/waters/"
    key = f"issue:{water.pk}"
    water.delete()
    actions.stale({key}, at=at)
    actions.print_due(at=at)
    assert [leads_to(f"/issues/water/{part}") for part in ("", "feed.rss", "archive/")] == [404] * 3


@pytest.mark.parametrize("address", ["/issues/water/", "/issues/water/feed.rss"])
def test_the_publisher_leads_elsewhere_from_an_old_address_if_he_likes(address, at):
    renamed(make.issue("Water"), "waters")
    Redirect.objects.create(old_path=Redirect.normalise_path(address), redirect_link="/latest/", is_permanent=True)

    assert leads_to(address) == "/latest/"


def test_a_house_rule_that_changes_is_due_everywhere(at):
    (article,) = library(1, at)
    page("/latest/", at)
    page("/latest/feed.rss", at)

    actions.stale({"rules"}, at=at)

    assert is_gone("/latest/feed.rss")
    assert set(queries.due(at).values_list("path", flat=True)) == {"/latest/", article.address}


def test_a_page_composed_while_something_changed_is_composed_again(at, monkeypatch):
    library(1, at)
    composed = []
    newer = make.article(headline="No 2", at=at)

    def publish_meanwhile(name):
        if not composed:
            composed.append(name)
            actions.press(newer.pk, at=at)

    # The first look at the list is overtaken by a publish.
    real = queries.months_of
    monkeypatch.setattr(queries, "months_of", lambda name: (real(name), publish_meanwhile(name))[0])

    assert "No 2" in page("/latest/", at)
