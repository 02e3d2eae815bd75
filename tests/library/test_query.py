"""What is typed becomes a query, whatever it is."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from broadsheet.library.query import MOST_BEGINNINGS, Beginning, Day, Item, Phrase, Tag, Word, parse


def items(*nodes):
    return tuple(Item((node,)) for node in nodes)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("north korea", items(Word("north"), Word("korea"))),
        ('"North Korea" arms', items(Phrase("North Korea"), Word("arms"))),
        ("“curly quotes”", items(Phrase("curly quotes"))),
        ('"never closed', items(Phrase("never closed"))),
        ("coup -mali", (Item((Word("coup"),)), Item((Word("mali"),), minus=True))),
        ('"mali"-niger', items(Phrase("mali"), Word("niger"))),
        ('"mali"--"niger" -"chad"', (*items(Phrase("mali"), Phrase("niger")), Item((Phrase("chad"),), minus=True))),
        ("(-mali)", (Item((Word("mali"),), minus=True),)),
        ("mali OR niger coup", (Item((Word("mali"), Word("niger"))), Item((Word("coup"),)))),
        ("mali AND niger", items(Word("mali"), Word("niger"))),
        ("OR mali OR", items(Word("mali"))),
        ("mali NOT niger", (Item((Word("mali"),)), Item((Word("niger"),), minus=True))),
        ("NOT mali NOT", (Item((Word("mali"),), minus=True),)),
        ("Kore*", items(Beginning("kore"))),
        ('country:"north korea"', items(Tag("country", "north korea"))),
        ("Author:smith", items(Tag("author", "smith"))),
        ("before:2015", items(Day("before", "2015", date(2015, 1, 1)))),
        ("after:2015-06", items(Day("after", "2015-06", date(2015, 6, 1)))),
        ("after:2015-06-03", items(Day("after", "2015-06-03", date(2015, 6, 3)))),
        ("note:this", items(Word("note:this"))),
        ("(a OR b)", (Item((Word("a"), Word("b"))),)),
        ("", ()),
        ("-", ()),
        ("*** \x00 \ud800", ()),
    ],
)
def test_what_was_typed_is_what_is_meant(typed, meant):
    assert parse(typed).items == meant


def test_a_day_that_is_none_is_remarked_upon():
    query = parse("mali before:soon")

    assert (query.items, query.remarks) == (
        items(Word("mali")),
        ("before: takes a year, a month or a day, as in before:2015-06.",),
    )


@pytest.mark.parametrize(("typed", "strict"), [("mali niger", False), ("mali AND niger", True), ("AND mali", False)])
def test_and_is_kept(typed, strict):
    query = parse(typed)

    assert (query.strict, query.is_plain) == (strict, not strict)
    assert parse(str(query)) == query


@pytest.mark.parametrize("typed", ["mali -(russia OR china)", "mali NOT (russia OR china)"])
def test_a_minus_before_brackets_is_remarked_upon(typed):
    assert [remark.partition(":")[0] for remark in parse(typed).remarks] == ["Brackets group nothing here"]


def test_ten_kilobytes_are_read_as_far_as_a_reader_would_look():
    query = parse("word " * 2_000)

    assert len(query.items) == 128
    assert len(query.remarks) == 2


@given(st.text() | st.text(alphabet='ab"-* :()OR\\[]+.^$\x00\ud800country'))
def test_a_query_written_out_is_read_as_the_same(typed):
    query = parse(typed)

    assert parse(str(query)).items == query.items


def test_a_field_word_leaves_however_it_was_written():
    assert str(parse("coup country:Mali").without("country", "mali")) == "coup"


def test_a_pasted_sentence_can_be_read_plainly():
    assert (
        str(parse('said "we agree"-now "and-then"—-it country:mali').plainly()) == "said we agree now and-then —-it country:mali"
    )


def test_what_is_excluded_stays_so_where_a_query_is_read_plainly():
    assert (
        str(parse('-"the palace" "soldiers voters" -palace OR -king').plainly()) == '-"the palace" soldiers voters -palace -king'
    )


def test_only_so_many_beginnings_are_read():
    query = parse("a b* " + " ".join(f"begin{n}*" for n in range(20)))

    assert len(query.items) == 2 + MOST_BEGINNINGS
    assert query.remarks == ("Only the first 8 beginnings were read.",)
