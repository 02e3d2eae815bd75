"""How an article is cited: one value, each style and each file, and nothing from beyond the cut."""

import json
import re
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from broadsheet.library.bibliography import Style, set_in
from broadsheet.library.citations import Citation, Name, bibtex, csl_json, parted, plain, ris

SIGNS = "$}{\\#@_*`~^<>&\"'[]()/.,:;?!–“”‘’aéZ0 \u202e\u2028\nنب漢"


def cited(headline="The dam", *authors, number=1, **fields):
    told = {
        "id": number,
        "kind": "briefing",
        "headline": headline,
        "publication": "The Test Review",
        "address": "http://testserver/briefings/the-dam/",
        "authors": authors,
        "on": date(2026, 3, 2),
    }
    return Citation(**{**told, **fields})


def line(style, *citations):
    return set_in(style, citations)[0]


# Names


@pytest.mark.parametrize(
    ("byline", "family", "given", "particle", "suffix"),
    [
        ("Zoë Müller", "Müller", "Zoë", "", ""),
        ("Ursula von der Leyen", "Leyen", "Ursula", "von der", ""),
        ("Ali Ben Said", "Ben Said", "Ali", "", ""),
        ("Ahmed al-Sharaa", "al-Sharaa", "Ahmed", "", ""),
        ("Martin Luther King Jr.", "King", "Martin Luther", "", "Jr."),
        ("نجيب محفوظ", "محفوظ", "نجيب", "", ""),
        ("毛泽东", "毛泽东", "", "", ""),
        ("Madonna", "Madonna", "", "", ""),
        ("  Ada \n Writer\x00 ", "Writer", "Ada", "", ""),
        ("", "", "", "", ""),
    ],
)
def test_a_name_is_parted(byline, family, given, particle, suffix):
    assert parted(byline) == Name(family, given, particle, suffix)


@pytest.mark.parametrize("office", ["Office of the Historian", "The Editors", "White House", "Smith & Sons", "Foreign Desk"])
def test_an_office_stays_whole(office):
    assert parted(office) == Name(office)


# Styles


@pytest.mark.parametrize(
    ("style", "says"),
    [
        (
            Style.CHICAGO,
            "Müller, Zoë, and Ali Ben Said. “The dam.” <i>The Test Review</i>, March 2, 2026. "
            "http://testserver/briefings/the-dam/.",
        ),
        (
            Style.APA,
            "Müller, Z., &amp; Ben Said, A. (2026, March 2). The dam. <i>The Test Review</i>. http://testserver/briefings/the-dam/",
        ),
        (
            Style.MLA,
            "Müller, Zoë, and Ali Ben Said. “The dam.” <i>The Test Review</i>, 2 Mar. 2026, "
            "http://testserver/briefings/the-dam/.",
        ),
    ],
)
def test_each_style_has_its_order(style, says):
    assert line(style, cited("The dam", "Zoë Müller", "Ali Ben Said")) == says


@pytest.mark.parametrize(
    ("style", "begins"),
    [
        (Style.CHICAGO, "<i>The Test Review</i>. "),
        (Style.APA, "The dam. (2026, March 2). "),
        (Style.MLA, "“The dam.” <i>The Test Review</i>"),
    ],
)
def test_without_an_author_something_else_comes_first(style, begins):
    assert line(style, cited()).startswith(begins)


@pytest.mark.parametrize(
    ("style", "says"), [(Style.CHICAGO, "n.d."), (Style.APA, "(n.d.)"), (Style.MLA, "<i>The Test Review</i>, http")]
)
def test_without_a_date_none_is_made_up(style, says):
    assert says in line(style, cited("The dam", "Ada Writer", on=None))


@pytest.mark.parametrize(
    ("style", "says"),
    [
        (Style.CHICAGO, "Okafor, Ngozi. “No plan.” Interview by Ada Writer and Bo Asker. "),
        (Style.APA, "Okafor, N. (2026, March 2). No plan [Interview by Ada Writer and Bo Asker]. "),
        (Style.MLA, "Okafor, Ngozi. “No plan.” Interview by Ada Writer and Bo Asker. "),
    ],
)
def test_an_interview_is_by_whoever_is_asked(style, says):
    talk = cited("No plan", "Ngozi Okafor", kind="interview", interviewers=("Ada Writer", "Bo Asker"))

    assert line(style, talk).startswith(says)


@pytest.mark.parametrize("style", Style)
@pytest.mark.parametrize(("headline", "says"), [("Who pays?", "Who pays?"), ("At last!", "At last!"), ("And then…", "And then…")])
def test_a_question_is_not_ended_twice(style, headline, says):
    said = line(style, cited(headline, "Ada Writer"))

    assert re.search(rf"{re.escape(says)}”? (?=<i>)", said)


@pytest.mark.parametrize("style", Style)
def test_a_headline_stands_as_it_was_printed(style):
    headline = 'Why McKinsey, the EU and L’État paid $5 bn {or $6 bn} & 100% of it: #read("/etc/hostname") \\ <b>x</b>'

    said = line(style, cited(headline, "Ada Writer"))

    assert headline.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;") in said


def test_a_quotation_within_a_headline_changes_its_marks():
    assert "“The ‘last’ dam.”" in line(Style.CHICAGO, cited("The “last” dam", "Ada Writer"))


@pytest.mark.parametrize("style", Style)
def test_what_is_written_from_the_right_keeps_the_stops_around_it_in_place(style):
    said = line(style, cited("نهر النيل", "نجيب محفوظ"))

    assert "\u2068نهر النيل\u2069" in said
    assert "\u2068محفوظ\u2069, \u2068نجيب\u2069" in said


@pytest.mark.parametrize("style", Style)
def test_a_list_stands_in_the_order_of_its_style(style):
    said = set_in(style, [cited("B", "Zoë Zed"), cited("A", "Ada Abel", number=2)])

    assert [entry[:3] for entry in said] == ["Abe", "Zed"]


def test_two_of_one_author_and_year_are_told_apart():
    said = set_in(Style.APA, [cited("B", "Zoë Zed"), cited("A", "Zoë Zed", number=2)])

    assert [re.search(r"\((\d+\w)", entry)[1] for entry in said] == ["2026a", "2026b"]


def test_no_style_says_anything_of_nothing():
    assert [set_in(style, []) for style in Style] == [[], [], []]


@settings(max_examples=30, deadline=None)
@given(st.text(SIGNS, max_size=20), st.text(SIGNS, max_size=20))
def test_whatever_is_written_is_one_line_without_a_tag_of_its_own(headline, name):
    for style in Style:
        (said,) = set_in(style, [cited(headline, name, "Ada Writer", publication=headline)])
        assert not re.search(r"<(?!/?i>)", said)


# Files


HOSTILE = cited("} \\input{x} $5 & 100% #1 a_b ~^ “é”\r\nER  - \x00", "Zoë Müller", "Office of the Historian")


def test_bibtex_says_all_of_it():
    said = bibtex([cited("The dam", "Ursula von der Leyen", "The Editors")])

    assert said.startswith("@article{leyen2026a1,\n")
    for field in (
        "author = {von der Leyen, Ursula and {The Editors}},",
        "title = {{The dam}},",
        "year = {2026},",
        "month = mar,",
        "journal = {The Test Review},",
        "url = {http://testserver/briefings/the-dam/},",
    ):
        assert f"  {field}\n" in said


def test_in_bibtex_the_publication_answers_for_what_nobody_signed():
    assert "  author = {{The Test Review}},\n" in bibtex([cited("The dam")])


def test_bibtex_takes_nothing_for_a_command_and_no_brace_for_its_own():
    said = bibtex([HOSTILE])

    assert r"{\textbraceright} {\textbackslash}input{\textbraceleft}x{\textbraceright} \$5 \& 100\% \#1 a\_b" in said
    assert "“é”" in said
    assert said.count("{") == said.count("}")


def test_keys_of_a_list_are_all_different():
    keys = re.findall(r"@article\{(.+),", bibtex(cited("The dam", "Ada Writer", number=number) for number in (1, 2)))

    assert keys == ["writer2026a1", "writer2026a2"]


def test_ris_ends_its_lines_as_the_format_wants_and_nothing_ends_an_entry_early():
    said = ris([HOSTILE, cited()])

    assert said.count("\r\n") == said.count("\n") == len(said.splitlines())
    assert re.findall(r"^TY  - (.*)\r$", said, re.MULTILINE) == ["MGZN", "MGZN"]
    assert len(re.findall(r"^ER  - ", said, re.MULTILINE)) == 2
    assert "AU  - Müller, Zoë\r\nAU  - Office of the Historian,\r\n" in said


def test_csl_json_is_what_its_schema_says():
    talk = cited("No plan", "Ngozi Okafor", kind="interview", interviewers=("Ada Writer",))

    told = json.loads(csl_json([talk, cited("The dam", "The Editors", number=2, on=None)]))

    assert told[0]["type"] == "interview"
    assert told[0]["author"] == [{"family": "Okafor", "given": "Ngozi"}]
    assert told[0]["interviewer"] == [{"family": "Writer", "given": "Ada"}]
    assert told[0]["issued"] == {"date-parts": [[2026, 3, 2]]}
    assert told[1]["author"] == [{"literal": "The Editors"}]
    assert "issued" not in told[1]


@pytest.mark.parametrize("text", ["a\nb", "a\u2028b", "a\x00b", "a \t b", "a\ud800b"])
def test_what_is_not_printed_is_a_space(text):
    assert plain(text) == "a b"
