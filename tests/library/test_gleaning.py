"""What is gleaned from articles as they are pressed, and what of it strangers may be told."""

from datetime import UTC, datetime, timedelta

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from broadsheet.library import together, turning
from broadsheet.library.actions.gleaning import _glean, cursor, forget_gleanings, glean_new
from broadsheet.library.gleaning import plain
from broadsheet.library.models import Gleaning, LibraryRules, Linked, Relation
from broadsheet.newsroom.actions import take_back
from broadsheet.newsroom.models import Article
from broadsheet.press import kinds
from broadsheet.press.actions import press, press_page
from broadsheet.press.models import Slip
from broadsheet.press.queries import pressings_after
from tests import make

AT = datetime(2026, 3, 2, 8, tzinfo=UTC)
FILLER = make.PARAGRAPH * 4

pytestmark = pytest.mark.django_db


def gleaned(*body: str, days_ago: int = 0, **fields) -> Article:
    article = make.article(body=body, at=AT - timedelta(days=days_ago), **{"audience": "members"} | fields)
    press(article.pk, at=AT)
    glean_new(at=AT)
    return article


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<p>In Kenya\nit rains.</p><p>In Mali<br>it is dry.</p>", "In Kenya it rains.\nIn Mali\nit is dry.\n"),
        ('<p>To <a href="/x/" title="beyond > Mali">Kenya</a>.</p>', "To Kenya.\n"),
        ("<ul><li>Kenya<ul><li>Nairobi</li></ul></li></ul>", "Kenya\nNairobi\n"),
        ("<p>On 15&nbsp;January</p>", "On 15 January\n"),
        ("<p></p>", ""),
    ],
)
def test_what_is_gleaned_from_is_what_a_reader_reads(html, text):
    assert plain(html) == text


def test_only_the_days_that_are_told_of_are_looked_up():
    early, late = (f"On 15 January {year} Kenya and Ethiopia signed the treaty on their border." for year in (1964, 2019))
    with CaptureQueriesContext(connection) as asked:
        gleaned(FILLER, early, late)
    (query,) = (one["sql"] for one in asked if one["sql"].startswith('SELECT "library_telling"."on"'))

    assert [day in query for day in ("1964-01-14", "1964-01-16", "2019-01-15")] == [True] * 3
    assert ">=" not in query


SIGNED = "On 15 January 2019 Kenya and Ethiopia signed the border treaty at the garrison in the old town."
OTHERWISE = "The border treaty that Kenya and Ethiopia signed at Moyale garrison dates from 15 January 2019, troops recall."
THIRD = "Troops of Kenya and Ethiopia recall Moyale: on 15 January 2019 both agreed, and the customs house burnt down."


def turning_points() -> tuple[int, int]:
    """How many strangers are told of, and how many there are."""
    told = together.told_of(("country:ET", "country:KE"), articles=())
    freely, all_of_them = (turning.events(told, freely=freely, most=9) for freely in (True, False))
    return len(freely), len(all_of_them)


def test_what_one_tells_before_the_wall_and_another_beyond_it_is_no_turning_point_for_strangers():
    gleaned(f"{FILLER} {SIGNED}", FILLER)
    gleaned(FILLER, FILLER, SIGNED)

    assert turning_points() == (0, 1)


def test_a_hidden_sentence_makes_no_event_of_two_that_stand_before_the_walls():
    """It is like both, which are not like each other."""
    for body in ([FILLER, FILLER, OTHERWISE], [f"{FILLER} {SIGNED}", FILLER], [f"{FILLER} {THIRD}", FILLER]):
        gleaned(*body)

    assert turning_points() == (0, 1)


# Relations, which are counted


def relations() -> list[tuple[str, str, int]]:
    return [(one.removeprefix("country:"), other.removeprefix("country:"), many) for one, other, many in together.all_pairs()]


def about_both(*, days_ago: int = 0) -> Article:
    return gleaned(FILLER, countries=[make.country("Kenya"), make.country("Ethiopia")], days_ago=days_ago)


def test_relations_are_counted_as_articles_join_change_and_leave():
    LibraryRules.objects.create(enough=2)
    first, second, third = (about_both(days_ago=number) for number in range(3))
    assert relations() == [("ET", "KE", 3)]

    third.countries.add(make.country("Egypt"))
    for article in (second, third):
        press(make.published(article, standfirst="Anew.").pk, at=AT)
    glean_new(at=AT)
    assert relations() == [("ET", "KE", 3)]

    for article in (first, second):
        take_back(article, by=None, at=AT)
        press(article.pk, at=AT)
    glean_new(at=AT)
    assert relations() == []


def test_neither_the_index_of_relations_nor_its_sitemap_reads_what_every_article_names():
    for number in range(3):
        about_both(days_ago=number)
    for path in ("/relations/", "/sitemap-relations.xml"):
        kind = kinds.kind_of(path)
        with CaptureQueriesContext(connection) as asked:
            assert kind
            assert "/relations/ethiopia/kenya/" in kind[0].compose(path, kind[1], AT).html
        assert not [one["sql"] for one in asked if "library_named" in one["sql"] or "press_pressing" in one["sql"]]


@pytest.mark.parametrize(("countries", "gone"), [(["Kenya"], False), (["Kenya", "Ethiopia"], True)])
def test_only_an_article_about_two_countries_has_the_index_of_relations_printed_again(countries, gone):
    press(make.article(body=[FILLER], countries=[make.country(name) for name in countries]).pk, at=AT)
    press_page("/relations/", at=AT)
    glean_new(at=AT)

    assert Slip.objects.get(path="/relations/").gone is gone


# Anew


def test_what_was_gleaned_before_something_was_kept_of_it_is_gleaned_anew():
    about = about_both()
    gleaned(f'<p>See <a href="{about.address}">what we wrote</a>.</p>', FILLER)
    for kept in (Linked, Relation):
        kept.objects.all().delete()
    glean_new(at=AT)
    assert not Linked.objects.exists()

    call_command("glean", "--anew")

    assert Linked.objects.get().to_article == about.pk
    assert Relation.objects.get().articles == 1


def test_what_is_taken_back_while_all_is_gleaned_anew_is_counted_until_its_turn_comes():
    made = [about_both(days_ago=days) for days in range(3)]
    take_back(made[0], by=None, at=AT)
    press(made[0].pk, at=AT)

    forget_gleanings()
    assert Relation.objects.get().articles == 3

    assert glean_new(at=AT) == 3
    assert Relation.objects.get().articles == 2


def test_whoever_gleans_while_all_is_forgotten_begins_again():
    first, second = about_both(), about_both(days_ago=1)
    press(make.published(second, standfirst="Anew.").pk, at=AT)
    (waiting,) = pressings_after(cursor(), limit=9)
    since = cursor()
    forget_gleanings()

    assert not _glean([waiting], since=since, at=AT)
    assert glean_new(at=AT) == 2
    assert set(Gleaning.objects.values_list("article_id", flat=True)) == {first.pk, second.pk}
