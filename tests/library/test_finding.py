"""What a search finds, in which order, and that it tells nobody of a text that he may not read."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
import tantivy
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from broadsheet.access.terms import Audience, Standing
from broadsheet.library import looking as looking_module
from broadsheet.library import queries
from broadsheet.library.asked import Asked
from broadsheet.library.documents import Document, Named
from broadsheet.library.looking import Counted, Looking
from broadsheet.library.queries import Sort
from broadsheet.library.query import parse
from broadsheet.library.sight import EVERYTHING, STRANGER, Sight
from broadsheet.library.tantivy_index import Writing, damage_told, new_index

AT = datetime(2026, 3, 2, 8, tzinfo=UTC)
MALI, NIGER = Named("mali", "Mali"), Named("niger", "Niger")
SPENT = Sight(Standing(registered=True), opened=frozenset({"s2"}))


def document(number: int, headline: str, free: str = "", rest: str = "", **more) -> Document:
    given = {
        "id": number,
        "change": number,
        "story": f"s{number}",
        "path": f"/briefings/{number}/",
        "audience": Audience.METERED,
        "dated_at": AT - timedelta(days=number),
        "headline": headline,
        "standfirst": "",
        "free": free,
        "rest": rest,
        "label": "Briefing",
        "type": Named("briefing", "Briefing"),
    }
    return Document(**(given | more))


LIBRARY = [
    document(1, "Coup in Mali", "Soldiers took the palace.", "The paymaster was Zanzibar.", countries=(MALI,)),
    document(
        2, "Sahel after the coups", "Three juntas and a bloc.", "Zanzibar paid for the coup in Niger.", countries=(MALI, NIGER)
    ),
    document(3, "Elections in Niger", "Voters queued.", "Nobody asked who had paid.", countries=(NIGER,)),
    document(4, "Rivers of gold", "Erdoğan’s dams dry up the south.", "", audience=Audience.OPEN),
    document(5, "Members only", "A paragraph.", "Quicksilver smuggled by night.", audience=Audience.MEMBERS),
    document(6, "For whoever is known", "A paragraph.", "Saffron prices rose.", audience=Audience.REGISTERED),
]


class Shelf:
    """A `keeping.Reader` of an index in memory."""

    printed = None

    def __init__(self, documents):
        self.index = new_index()
        writing = Writing(self.index)
        for each in documents:
            writing.put(each)
        writing.commit(cursor=7)

    def looking(self, sight):
        return Looking(self.index.searcher(), sight)

    def meaning(self, looking):
        return None

    def generation(self):
        return 1

    def reading(self):
        return damage_told()


@pytest.fixture(scope="module")
def shelf():
    return Shelf(LIBRARY)


def found(shelf, typed, sight=EVERYTHING, **more):
    return [one.card.id for one in queries.search(typed, at=AT, sight=sight, reader=shelf, **more).results]


@pytest.mark.parametrize(
    ("typed", "ids"),
    [
        ("coups", {1, 2}),  # stemmed
        ('"coup in mali"', {1}),
        ('"coups in mali"', set()),
        ("coup -zanzibar", set()),
        ("palace OR queued", {1, 3}),
        ("quick*", {5}),
        ("erdogan", {4}),
        ("country:niger", {2, 3}),
        ("country:Niger coup", {2}),
        ("type:briefing before:2026-02-26", {5, 6}),
        ("coup country:atlantis", set()),
    ],
)
def test_each_word_of_the_language_finds_what_it_says(shelf, typed, ids):
    assert set(found(shelf, typed)) == ids or (not ids and queries.search(typed, at=AT, sight=EVERYTHING, reader=shelf).read_as)


@pytest.mark.parametrize("typed", ["wałę*", "wale*", "wałęsa", "WALESA", "author:walesa", "author:Wałęsa", "lodz", "Łódź"])
def test_a_letter_is_found_with_its_mark_and_without(typed):
    """Those that are no letter and an accent too."""
    walesa = (Named("lech-walesa", "Lech Wałęsa"),)
    results = queries.search(typed, at=AT, reader=Shelf([*LIBRARY, document(9, "Wałęsa in Łódź", contributors=walesa)]))

    assert ([one.card.id for one in results.results], results.read_as, results.remarks) == ([9], "", ())


def test_a_name_is_suggested_as_it_is_written():
    shelf = Shelf([document(9, "Łódź waits", contributors=(Named("lech-walesa", "Lech Wałęsa"),))])

    assert [queries.suggest(typed, reader=shelf)[0].text for typed in ("Łódź", "lodz", "wałę", "wale")] == [
        "Łódź waits",
        "Łódź waits",
        "Lech Wałęsa",
        "Lech Wałęsa",
    ]


def test_an_accent_apart_from_its_letter_is_no_other_word(shelf):
    assert found(shelf, "Erdog\u0306an") == [4]


@pytest.mark.parametrize(
    ("typed", "total"),
    [
        ('"peace talks in sudan"', 1),
        ('"peace talks in sudan peace"', 0),
        ('"sudan khartoum"', 0),
        ('"waits nothing"', 0),
        ('"moves egypt"', 0),
        ('"egypt kenya"', 0),
        ('"nothing moves"', 1),  # across the cut
    ],
)
def test_a_phrase_stands_within_one_part_of_an_article(typed, total):
    countries = (Named("egypt", "Egypt"), Named("kenya", "Kenya"))
    one = document(1, "Peace talks in Sudan", "Nothing", "moves.", standfirst="Khartoum waits.", countries=countries)

    looking = Shelf([one]).looking(EVERYTHING)

    assert looking.count(looking.matching(parse(typed).items)) == total


@pytest.mark.parametrize(
    ("sight", "ids"),
    [(STRANGER, []), (SPENT, [2]), (EVERYTHING, [1, 2])],
)
def test_a_word_beyond_the_cut_is_found_by_whoever_may_read_it(shelf, sight, ids):
    results = queries.search("zanzibar", at=AT, sight=sight, reader=shelf)

    assert sorted(one.card.id for one in results.results) == ids
    assert results.total == len(ids)


def test_what_is_for_the_registered_is_found_by_them(shelf):
    assert (found(shelf, "saffron", STRANGER), found(shelf, "saffron", SPENT)) == ([], [6])


@pytest.mark.parametrize(
    "typed", ["coup", "paragraph", "mali niger coup", "country:mali", "zanzibr", "quicksilver", "niger paid"]
)
def test_a_stranger_sees_the_same_whatever_stands_beyond_the_cut(shelf, typed):
    """Hits, counts, order, facets, snippets and what is read instead."""
    others = [replace(each, rest="Zanzibar quicksilver coup mali niger paid. " * 9 if each.rest else "") for each in LIBRARY]

    one, other = (queries.search(typed, at=AT, sight=STRANGER, reader=each) for each in (shelf, Shelf(others)))

    assert one == other


def test_a_snippet_shows_what_may_be_read_and_no_more(shelf):
    def snippets(sight):
        return [
            "".join(piece.text for piece in one.snippet)
            for one in queries.search("coup", at=AT, sight=sight, reader=shelf).results
        ]

    assert any("paid for the coup" in text for text in snippets(EVERYTHING))
    assert not any("paid" in text for text in snippets(STRANGER))


@pytest.mark.parametrize("letters", [10, 14_995, 15_000, 20_000, 150_000])
def test_a_snippet_shows_what_stands_far_behind_the_beginning(letters):
    before = ("What stands here is of no matter. " * (letters // 34 + 1))[:letters].rstrip()
    shelf = Shelf([document(1, "A report", f"{before} The quillworts grew by the dam. And so on.", audience=Audience.OPEN)])
    (result,) = queries.search("quillwort", at=AT, reader=shelf).results

    assert [piece.text for piece in result.snippet if piece.marked] == ["quillworts"]
    assert "grew by the dam" in "".join(piece.text for piece in result.snippet)


@pytest.mark.parametrize(("with_both", "total"), [(120, 120), (20, 140)])
def test_fewer_of_the_words_are_enough_where_all_of_them_find_little(with_both, total):
    """A hundred are enough."""
    both = [document(number, f"Ferry and lighthouse {number}") for number in range(1, with_both + 1)]
    one = [document(number, f"Ferry {number}") for number in range(201, 321)]

    assert queries.search("ferry lighthouse", at=AT, sight=EVERYTHING, reader=Shelf([*both, *one])).total == total


def test_what_the_best_have_in_common_leads_to_others_like_them():
    like = [document(number, "Lithium", "Brine and salt.") for number in range(1, 8)]
    unlike, alike = document(8, "Lithium", "Weather and parade."), document(9, "Lithium", "Brine and salt.")
    others = [document(number, f"Ferry {number}") for number in range(20, 80)]

    ids = found(Shelf([*like, unlike, alike, *others]), "lithium")

    assert ids.index(9) < ids.index(8)


def test_an_exact_headline_comes_first(shelf):
    assert found(shelf, "elections in niger")[0] == 3


@pytest.mark.parametrize("typed", ['"elections in niger" -queued', "elections in niger -queued"])
def test_an_exact_headline_is_not_found_by_what_excludes_it(typed):
    shelf = Shelf([*LIBRARY, document(7, "Before the vote", "Elections in Niger are near.")])

    assert found(shelf, typed) == [7]


def test_a_slip_of_the_finger_is_read_as_what_was_meant(shelf):
    results = queries.search("zanzibra coup", at=AT, sight=EVERYTHING, reader=shelf)

    assert (results.read_as, results.total) == ("zanzibar coup", 2)


def test_what_is_excluded_is_not_looked_for_where_nothing_is_written_just_so(shelf):
    results = queries.search('"palace soldiers" -zanzibar', at=AT, sight=STRANGER, reader=shelf)
    assert (results.read_as, [one.card.id for one in results.results]) == ("palace soldiers -zanzibar", [1])

    assert found(shelf, '"palace soldiers" -zanzibar') == []


def test_a_word_of_english_is_no_slip_though_no_text_has_it(shelf):
    assert queries.search("plaid coup", at=AT, sight=STRANGER, reader=shelf).read_as == ""
    assert queries.search("palaca", at=AT, sight=STRANGER, reader=shelf).read_as == "palace"


def test_nobody_meant_a_word_of_an_article_that_is_gone():
    shelf = Shelf([LIBRARY[0], document(9, "Quagga", "A zebra that is gone.")])
    assert queries.search("quaggo", at=AT, reader=shelf).read_as == "quagga"

    writing = Writing(shelf.index)
    writing.drop(9)
    writing.commit(cursor=9)

    assert queries.search("quaggo", at=AT, reader=shelf).read_as == ""


def test_newest_and_oldest_go_by_date(shelf):
    assert found(shelf, "coup", sort=Sort.NEWEST) == [1, 2]
    assert found(shelf, "coup", sort=Sort.OLDEST) == [2, 1]


def test_a_facet_counts_what_narrowing_leaves(shelf):
    results = queries.search("coup", at=AT, sight=EVERYTHING, reader=shelf)

    for facet, choices in results.facets.items():
        for choice in choices:
            asked = Asked("coup").narrowed(facet, choice.value.slug)
            narrowed = queries.search(asked.typed, within=asked.within, at=AT, sight=EVERYTHING, reader=shelf)
            assert narrowed.total == choice.count


@pytest.mark.parametrize("typed", ["coup", "coup -seven", "after:2015", "coup country:mali"])
def test_where_most_articles_match_the_others_are_counted_which_comes_to_the_same(typed, monkeypatch):
    archive = [
        document(
            n,
            f"Coup {'seven' if n % 7 == 0 else 'other'}",
            countries=(MALI, NIGER)[: n % 3],
            dated_at=AT.replace(year=2026 - n % 20),
        )
        for n in range(60)
    ]

    def facets():
        choices = queries.search(typed, at=AT, sight=EVERYTHING, reader=Shelf(archive)).facets
        return {name: {(one.value, one.count) for one in of_it} for name, of_it in choices.items()}

    usual = facets()
    monkeypatch.setattr(looking_module, "MANY_ARTICLES", 0)
    monkeypatch.setattr(looking_module, "MOST_OF_THEM", 0.1)

    assert facets() == usual


def test_all_years_of_an_archive_can_be_chosen_the_newest_first():
    archive = [document(n, "Coup", dated_at=AT.replace(year=2026 - n % 20)) for n in range(30)]
    years = queries.search("coup", at=AT, sight=EVERYTHING, reader=Shelf(archive)).facets["year"]

    assert [choice.value.name for choice in years] == [str(year) for year in range(2026, 2006, -1)]


def test_an_older_index_that_knows_moments_and_no_days_is_still_asked_by_date():
    """The first fields of version 4, and one row."""
    fields = tantivy.SchemaBuilder()
    fields.add_unsigned_field("id", stored=True, indexed=True, fast=True)
    fields.add_integer_field("dated", indexed=True, fast=True)
    for name in ("key", "story", "audience", "headline", "tags", "kind_of_row"):
        fields.add_text_field(name, tokenizer_name="raw", index_option="basic")
    older, row = tantivy.Index(fields.build()), tantivy.Document()
    row.add_integer("dated", int(AT.timestamp()))
    row.add_text("kind_of_row", "article")
    writer = older.writer()
    writer.add_document(row)
    writer.commit()
    older.reload()
    looking = Looking(older.searcher(), STRANGER)

    assert [looking.count(looking.matching(parse(typed).items)) for typed in ("after:2026-03-02", "before:2026-03-02")] == [1, 0]


def test_a_value_that_was_renamed_stands_once_by_its_newest_name():
    burma, myanmar = Named("burma", "Burma"), Named("burma", "Myanmar")
    shelf = Shelf(
        [
            document(1, "Coup", countries=(burma,)),
            document(2, "Coup", countries=(myanmar,)),
            document(3, "Coup", countries=(burma,)),
        ]
    )
    looking = shelf.looking(EVERYTHING)
    assert looking.facets(looking.everything(), most=9)["country"] == [(burma, 3)]

    writing = Writing(shelf.index)
    writing.put(document(1, "Coup", countries=(myanmar,)))
    writing.commit(cursor=8)

    looking = shelf.looking(EVERYTHING)
    assert looking.facets(looking.everything(), most=9)["country"] == [(myanmar, 3)]


def test_a_value_that_came_since_is_counted_too():
    shelf, counted = Shelf(LIBRARY[:1]), Counted()
    first = Looking(shelf.index.searcher(), EVERYTHING, counted)
    assert [value for value, _ in first.facets(first.everything(), most=9)["country"]] == [MALI]

    writing = Writing(shelf.index)
    writing.put(LIBRARY[1])
    writing.commit(cursor=2)

    then = Looking(shelf.index.searcher(), EVERYTHING, counted)
    assert dict(then.facets(then.everything(), most=9)["country"]) == {MALI: 2, NIGER: 1}


def test_what_it_is_narrowed_to_takes_no_room_of_what_is_typed(shelf):
    """128 words are read, and 2,000 characters."""
    for typed in (" ".join([*["coup"] * 127, "-palace"]), f"{'coup OR ' * 245}coup -palace"):
        assert found(shelf, typed, within="country:mali type:briefing after:2000") == [2]


@pytest.mark.parametrize("typed", ["country:USA", "country:us", 'country:"United States of America"', 'country:"U.S."'])
def test_a_country_is_known_by_whatever_it_is_called(typed):
    here = (Named("united-states", "United States"),)

    assert found(Shelf([document(1, "Elections", countries=here), document(2, "Elections")]), typed) == [1]


def test_and_finds_what_has_both_however_few():
    few = Shelf([document(1, "Sanctions and grain"), document(2, "Sanctions"), document(3, "Grain")])

    assert (found(few, "sanctions AND grain"), set(found(few, "sanctions grain"))) == ([1], {1, 2, 3})


def test_an_unknown_country_is_said(shelf):
    assert queries.search("coup country:atlantis", at=AT, reader=shelf).remarks == ("The library knows no country “atlantis”.",)


def test_suggestions_are_names_and_headlines(shelf):
    assert [(one.kind, one.text) for one in queries.suggest("mal", reader=shelf)] == [
        ("Country", "Mali"),
        ("Article", "Coup in Mali"),
    ]


@pytest.mark.parametrize(
    ("typed", "texts"), [("m", []), ("coup i", ["Coup in Mali"]), ("a w", ["Ada Writer"]), ("ada w", ["Ada Writer"]), ("- ", [])]
)
def test_suggestions_stay_while_a_second_word_begins(typed, texts):
    shelf = Shelf([*LIBRARY, document(9, "Quagga", contributors=(Named("ada-writer", "Ada Writer"),))])

    assert [one.text for one in queries.suggest(typed, reader=shelf)] == texts


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(typed=st.text(max_size=80) | st.text(alphabet='co"-* :()OR\\[]+.^$\x00\ud800{}', max_size=60))
@pytest.mark.parametrize("sight", [STRANGER, SPENT, EVERYTHING])
def test_whatever_is_typed_has_an_answer(shelf, sight, typed):
    assert queries.search(typed, at=AT, sight=sight, reader=shelf).built
    queries.suggest(typed, reader=shelf)


def test_an_article_that_is_put_again_stands_once():
    shelf = Shelf([*LIBRARY, replace(LIBRARY[0], headline="A coup in Mali, corrected")])

    assert found(shelf, "palace") == [1]
    assert shelf.looking(EVERYTHING).size == len(LIBRARY)
