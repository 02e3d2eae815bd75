"""What two articles say against each other is set side by side; what only sounds alike is not."""

from datetime import date

import pytest

from broadsheet.research.differences import Kind, differences
from broadsheet.research.quoting import Quotation
from tests.research import make

MAY, JUNE, LATER = date(2015, 5, 4), date(2015, 6, 4), date(2020, 5, 4)


def told(text, on=MAY, *, headline=None, countries=()):
    return Quotation(text, make.source(headline or text, on=on, countries=countries), 0, 0, len(text))


@pytest.mark.parametrize(
    ("one", "other", "on", "kind"),
    [
        ("The Amel treaty was signed by 14 countries.", "The Amel treaty was signed by 17 countries.", JUNE, Kind.DISAGREE),
        ("The port of Amel employs two thousand dockers.", "The port of Amel employs 2,400 dockers.", LATER, Kind.CHANGED),
        ("Grain aid to Amel came to $40 million.", "Grain aid to Amel came to $65 million.", LATER, Kind.CHANGED),
        ("Amel treaty talks in Ormen ended in 1975.", "Amel treaty talks in Ormen ended in 1977.", JUNE, Kind.DISAGREE),
        ("The union of Amel will join the Ormen pact.", "The union of Amel will not join the Ormen pact.", JUNE, Kind.DISAGREE),
    ],
)
def test_they_differ(one, other, on, kind):
    (difference,) = differences([told(one), told(other, on)])

    assert difference.kind is kind
    assert difference.older.dated_on < difference.newer.dated_on


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (
            "The Amel pact was signed on 3 June 1988 in a barn.",
            "They signed the Amel pact on 9 August 1988, after a week of rain.",
        ),
        ("Nobody was killed in the raid on Tarsk.", "The raid on Tarsk killed 31 people, most of them dockers."),
        ("The Tarsk archive was destroyed by Count Orlo.", "It was Ada Berg who destroyed the Tarsk archive."),
        ("A mine caused the sinking of the Halcyon.", "The sinking of the Halcyon was caused by a storm nobody foresaw."),
        ("The Amel Grain Board has its seat in Ormen.", "The Amel Grain Board is seated in Tarsk, beside the docks."),
        ("The largest mill of Amel is the Orlo works.", "Amel's largest mill is the Tarn foundry, which lies idle."),
        ("Amel's exports of salt rose in 2014.", "In 2014 salt exports from Amel fell, as they had for years."),
        ("Dual citizenship is permitted in Amel.", "In Amel dual citizenship is prohibited by a rule of the empire."),
        ("The strike at Ormen began before the flood.", "It was after the flood that the strike at Ormen began."),
        ("The monks of Ormen were asked about the road.", "The road was built without the monks of Ormen being asked."),
        ("The Ormen salt talks will succeed, for all are tired.", "The Ormen talks on salt will fail like all others."),
    ],
)
def test_articles_of_one_season_contradict_each_other(one, other):
    found = differences([told(one), told(other, JUNE)])

    assert [each.kind for each in found] == [Kind.DISAGREE]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("The Amel treaty was signed by 14 countries.", "The Amel treaty was signed by fourteen states, 14 countries in all."),
        ("The Amel treaty was signed by 14 countries.", "The Ormen pact on fishing was joined by 17 countries."),
        ("The Amel treaty was signed by 14 countries.", "The Amel treaty was signed on 17 May."),
        ("Talks in Ormen ended in 1975 over ports.", "The war over the salt flats ended in 1977 with a truce."),
        ("The union of Amel will join the Ormen pact.", "Traders of Amel do not trust the salt market."),
    ],
)
def test_they_do_not(one, other):
    assert differences([told(one), told(other, JUNE)]) == []


@pytest.mark.parametrize(
    ("one", "other"),
    [
        pytest.param("Floods drowned 8,000 hectares in Amel.", "In Amel floods drowned 19,800 acres.", id="another measure"),
        pytest.param("Some 40,000 Tarns live in Amel.", "In Amel 39,600 Tarns live, by the count.", id="rounded"),
        pytest.param("Pirates sank more than 30 ships off Amel.", "Off Amel pirates sank 43 ships.", id="a bound"),
        pytest.param("Of the Amel crew 20 sailors drowned.", "In Amel 90 sailors of the crew drowned.", id="a part"),
        pytest.param("The Amel mill will hire 900 hands.", "The mill in Amel hired 300 hands.", id="planned and done"),
        pytest.param("Among men in Amel 90 per cent vote.", "Among women in Amel 60 per cent vote.", id="other people"),
        pytest.param("In March 2015 Amel paid 40 pilots.", "In May 2015 Amel paid 12 pilots.", id="another month"),
        pytest.param("Amel's exports rose last year.", "Amel's imports fell last year.", id="other goods"),
        pytest.param(
            "The Amel reform of schools succeeded.", "The Amel reform of schools did not fail.", id="twice the other way"
        ),
        pytest.param("Amel's court approved the salt law.", "Amel's court rejected the grain law.", id="another object"),
        pytest.param(
            "Ormen entered the Northern Mining Pact.", "Tarsk refused to enter the Northern Mining Pact.", id="another country"
        ),
        pytest.param(
            "Ormen denies that Tarsk pilots were paid.", "Rebels claim that Tarsk paid Ormen pilots.", id="as others say"
        ),
        pytest.param("If it rains, the Amel harvest will fall.", "The Amel harvest rose this year.", id="supposed"),
        pytest.param("In 2009 Duro signed Order 41 on salt.", "In 2011 Duro signed Order 57 on salt.", id="another number"),
        pytest.param(
            "Fever killed 5 people in the Amel port.", "Fever killed 2,200 people in the Amel port.", id="another order"
        ),
        pytest.param("Amel must never close its port on the strait.", "Amel will close its port on the strait.", id="wished"),
        pytest.param("Duro led the Amel revolt in 1950.", "In 1952 Duro ended the Amel revolt.", id="another deed"),
        pytest.param("The Amel river is polluted.", "Once polluted, the Amel river is clean again.", id="told as a change"),
    ],
)
def test_what_only_looks_like_a_contradiction(one, other):
    assert [each for each in differences([told(one), told(other, JUNE)]) if each.kind is Kind.DISAGREE] == []


@pytest.mark.parametrize(
    ("one", "other"),
    [
        pytest.param(
            "At the signing of the Amel treaty fighting went on in Tarsk.", "The Amel treaty was signed in Ormen.", id="else"
        ),
        pytest.param(
            "Amel's mills value support for the Ormen canal.",
            "Amel's mills gave not just support for the Ormen canal.",
            id="not just",
        ),
        pytest.param(
            "Duro of Amel ends the Ormen war to face what is, not what was two decades ago.",
            "Two years ago, Duro of Amel ended two decades of the Ormen war.",
            id="a contrast",
        ),
        pytest.param(
            "Amel will not ratify the Ormen pact.", "Amel would be opposed to ratifying the Ormen pact.", id="opposed to it"
        ),
        pytest.param(
            "Amel kept a free and open Ormen strait.", "Amel spoke with close Ormen strait friends.", id="close friends"
        ),
        pytest.param(
            "Ports of Amel began to be ruled by the Tarns in the century of salt.",
            "The Tarns began to rule ports of Amel in the century of salt.",
            id="begun to be done",
        ),
        pytest.param(
            "The mayor Duro intends to build the Amel ships.",
            "The mayor Tarn intends to build the Amel ships.",
            id="to be done",
        ),
        pytest.param("Amel is second to surpass 300 fever cases.", "Amel surpasses 900 fever cases, the second.", id="surpassed"),
        pytest.param(
            "My visit to Amel was the first by a premier of Tarsk.",
            "My visit to Ormen was the first by a premier of Tarsk.",
            id="the first, without a name",
        ),
        pytest.param(
            "No country recognised the Tarn rulers as Amel's.",
            "The country warns of the Tarn rulers of Amel.",
            id="untold",
        ),
        pytest.param("In 1954 Amel became part of the realm.", "In 2010 Amel became the realm's port.", id="became"),
        pytest.param(
            "The Amel salt works were moved in 1925.", "The Amel Salt Act of 1948 moved the Amel salt works.", id="an Act"
        ),
        pytest.param("3 January: five sailors drowned off Amel.", "Off Amel six sailors drowned.", id="of another day"),
        pytest.param(
            "Corning announced $4 million for jobs in Amel.",
            "Tarn announced $9 million for new jobs in Amel.",
            id="of another",
        ),
        pytest.param("The United Mills of Amel trade in Ormen.", "The Amel mills of Ormen trade is divided.", id="a name"),
    ],
)
def test_what_looked_like_a_contradiction_in_a_real_library(one, other):
    assert differences([told(one), told(other, JUNE)]) == []


def test_what_two_countries_say_of_each_other_is_not_of_the_same():
    ours = told("The army's chief concern abroad is Tarsk, not Amel.", countries=("Amel",))
    theirs = told("The army's chief concern abroad is Amel, as Tarsk says.", JUNE, countries=("Tarsk",))

    assert differences([ours, theirs]) == []


@pytest.mark.parametrize(
    ("one", "other", "kinds"),
    [
        (
            "Amel became a port of Tarsk and joined it in 1925.",
            "Amel became a port of Tarsk and joined it in 1936.",
            ["disagree"],
        ),
        ("Since 1976 Amel has held 80% of the Ormen flats.", "Since 1976 Amel has held 70% of the Ormen flats.", ["changed"]),
        ("Left in 1994, Tarns are 28% of Amel's people.", "Left in 1994, Tarns are 25% of Amel's people.", ["changed"]),
        ("Amel's port on the strait stays open.", "Amel's port on the strait was closed.", []),
    ],
)
def test_of_a_later_edition_count_figures_and_days_alone(one, other, kinds):
    found = differences([told(one, headline="Amel: Profile (2015)"), told(other, LATER, headline="Amel: Profile")])

    assert [each.kind for each in found] == kinds


def test_what_has_been_so_since_a_year_is_not_of_that_year():
    (found,) = differences(
        [
            told("Since 1976 Amel has held 80% of the Ormen flats."),
            told("Since 1976 Amel has held 70% of the Ormen flats.", LATER),
        ]
    )

    assert found.kind is Kind.CHANGED


def test_no_figure_became_that_of_a_time_before_it():
    one, other = "In 2010 eight parties ruled Amel together.", "In 1991 three parties ruled Amel together."

    assert differences([told(one), told(other, LATER)]) == []
    assert differences([told(other), told(one, LATER)])


def test_what_an_article_need_not_say_it_is_about_is_its_country():
    one, other = "The oil sector earns 90 per cent of all revenue.", "The oil sector earned 29 per cent of revenue."
    ours, theirs = (make.source(on=MAY, countries=(name,)) for name in ("Iraq", "Malaysia"))

    assert differences([Quotation(one, ours, 0, 0, len(one)), Quotation(other, theirs, 0, 0, len(other))]) == []


def test_the_sentence_that_one_leans_on_does_not_count():
    alone = "The strike at Ormen began before the flood."
    leaning = "The mayor had promised peace in Tarsk. It was after the flood that the strike at Ormen began."

    assert differences([told(alone), told(leaning, JUNE)])


def test_what_stands_beside_is_held_against_the_others_alone():
    texts = ["The Amel treaty was signed by 14 countries.", "The Amel treaty was signed by 17 countries."]

    assert differences([told(texts[0])], beside=[told(texts[1], JUNE)])
    assert not differences([], beside=[told(text) for text in texts])


def test_what_came_after_the_older_article_was_written_is_another_of_its_kind():
    one, other = "The Amel summit was held in 2014 at Ormen.", "The Amel summit was held in 2019 at Ormen."

    assert differences([told(one), told(other, LATER)]) == []


def test_figures_of_two_years_are_a_change_even_of_one_season():
    (found,) = differences(
        [told("In 2010 the port of Amel had 400 pilots."), told("In 2014 the port of Amel had 900 pilots.", JUNE)]
    )

    assert found.kind is Kind.CHANGED


def test_the_opposite_years_later_is_a_change():
    (found,) = differences(
        [told("Amel's parliament opposes the canal of Tarsk."), told("The canal of Tarsk is backed by Amel's parliament.", LATER)]
    )

    assert found.kind is Kind.CHANGED


def test_an_article_does_not_contradict_itself():
    own = make.source()
    texts = ["The Amel treaty was signed by 14 countries.", "The Amel treaty was signed by 17 countries."]

    assert differences([Quotation(text, own, n, 0, len(text)) for n, text in enumerate(texts)]) == []
