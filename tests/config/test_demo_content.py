"""The demo publication as it is shipped."""

import re
from collections import Counter
from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from broadsheet.config.demo.content import BadPiece, dated_at, first_day_of, piece_from, pieces, tables, weekday_from
from broadsheet.mailroom.kinds import KINDS
from broadsheet.mailroom.wording import trouble_with

LONDON = ZoneInfo("Europe/London")
MONDAY = date(2026, 3, 2)


@pytest.fixture(scope="module")
def written():
    return list(pieces())


def test_it_has_articles_of_every_type(written):
    types = Counter(piece.front["type"] for piece in written)

    assert sum(types.values()) >= 50
    assert set(types) == {"briefing", "column", "interview", "report", "note", "podcast", "edition", "roundup"}
    assert types["interview"] >= 4


def test_it_tells_of_thirty_countries(written):
    assert len({code for piece in written for code in piece.words("countries")}) >= 30


def test_it_has_twelve_contributors_and_each_has_written(written):
    slugs = {table["slug"] for table in tables("contributors")["contributor"]}

    assert len(slugs) == 12
    assert {slug for piece in written for slug in piece.words("contributors")} == slugs


@pytest.mark.parametrize("pair", [{"RU", "KP"}, {"EG", "ET"}])
def test_two_pairs_of_countries_have_ten_pieces_each_over_the_years(written, pair):
    pieces_of_pair = [piece for piece in written if pair <= set(piece.words("countries"))]

    assert len(pieces_of_pair) >= 10
    assert min(piece.front["on"] for piece in pieces_of_pair if "on" in piece.front).year == 2006


def test_ten_weekdays_are_scheduled_ahead(written):
    ahead = [piece.front["weekdays"] for piece in written if piece.front.get("weekdays", 0) > 0]

    assert sorted(ahead) == list(range(1, 11))


def test_four_reports_come_in_consecutive_weeks_and_one_has_chapters_and_charts(written):
    reports = [piece for piece in written if piece.front["type"] == "report" and piece.front.get("weekdays", 1) <= 0]
    weeks = {dated_at(piece.front, first_day=MONDAY, zone=LONDON).isocalendar()[:2] for piece in reports}

    assert len(weeks) >= 4
    assert any(
        piece.body.chapters and any(block["type"] == "chart" for _, blocks in piece.body.chapters for block in blocks)
        for piece in reports
    )


def test_what_a_piece_names_is_there(written):
    slugs = {piece.slug for piece in written}
    axes = {axis: {table["slug"] for table in tables("taxonomy")[axis]} for axis in ("section", "issue", "series")}

    for piece in written:
        assert piece.front["section"] in axes["section"], piece.slug
        assert set(piece.words("issues")) <= axes["issue"], piece.slug
        assert set(piece.words("related")) <= slugs, piece.slug
        assert piece.front.get("series", next(iter(axes["series"]))) in axes["series"], piece.slug
        assert len(piece.front["standfirst"]) <= 220, piece.slug


def test_weekdays_are_counted_over_weekends():
    assert weekday_from(MONDAY, -1) == date(2026, 2, 27)
    assert weekday_from(date(2026, 2, 27), 1) == MONDAY
    assert weekday_from(MONDAY, 0) == MONDAY


@pytest.mark.parametrize(
    ("now", "day"),
    [
        (datetime(2026, 3, 2, 5, 59, tzinfo=LONDON), date(2026, 2, 27)),
        (datetime(2026, 3, 2, 6, 0, tzinfo=LONDON), MONDAY),
        (datetime(2026, 3, 7, 12, 0, tzinfo=LONDON), date(2026, 3, 6)),
        (datetime(2026, 3, 8, 3, 0, tzinfo=LONDON), date(2026, 3, 6)),
    ],
)
def test_the_first_day_is_the_newest_weekday_whose_morning_is_out(now, day):
    assert first_day_of(now, zone=LONDON) == day


def test_a_column_falls_on_its_weekday():
    moment = dated_at({"weekdays": -1, "slot": "Tuesday"}, first_day=MONDAY, zone=LONDON)

    assert (moment.strftime("%A"), moment.date()) == ("Tuesday", date(2026, 2, 24))


def test_a_piece_that_cannot_be_read_is_named():
    with pytest.raises(BadPiece, match=r"the-slug\.md"):
        piece_from("the-slug", "+++\nnot toml\n+++\nBody")


def test_what_is_printed_has_printers_apostrophes(written):
    told = [str(piece.front) for piece in written] + [str(tables(name)) for name in ("contributors", "taxonomy")]

    assert not re.search(r"\w'\w", " ".join(told))
    assert "Mongolia’s Merchant Fleet" in {piece.front["headline"] for piece in written}


def test_what_it_words_of_its_mails_fits_them():
    for mail in tables("house")["mail"]:
        kind = KINDS[mail["kind"]]
        assert [trouble_with(mail[part], kind) for part in ("subject", "before", "after")] == ["", "", ""]
