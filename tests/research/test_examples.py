"""Questions below the empty field: tried beforehand, once a day, as strangers are answered; nobody who opens the page waits."""

from datetime import timedelta

import pytest
import time_machine

from broadsheet.library.catching_up import catch_up, folder
from broadsheet.library.keeping import Reader as Index
from broadsheet.newsroom.actions import take_back
from broadsheet.newsroom.models import Article
from broadsheet.press.actions import press
from broadsheet.research.actions.examples import choose_examples, is_told, worded
from broadsheet.research.asking import read
from broadsheet.research.briefs import Brief
from broadsheet.research.models import Example
from broadsheet.research.quoting import Quotation
from broadsheet.research.sources import Source
from tests import cast, make

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)
CHANGED = "In January 2024 Kenya changed its constitution, and much has changed in Kenya for good since that month of protest."


@pytest.fixture
def kenya(settings, tmp_path, at):
    settings.STATE = tmp_path / "state"
    country = make.country()
    written_of(country, at, body=[CHANGED, make.PARAGRAPH])
    return country


def written_of(country, at, *, headline="Kenya since", audience="open", body):
    press(make.article(headline=headline, at=at, audience=audience, body=body, countries=[country]).pk, at=at)
    catch_up()


def chosen(at):
    number = choose_examples(at=at, index=Index(folder()))
    return number, [one.text for one in Example.objects.all()]


def seen(at):
    with time_machine.travel(at, tick=False):
        return cast.vera().get("/research/").content.decode()


def test_what_is_answered_stands_below_the_field(kenya, at):
    assert chosen(at) == (1, ["What has changed in Kenya?"])
    assert "What has changed in Kenya?" in seen(at)


def test_opening_the_page_tries_none_of_them(kenya, settings, tmp_path, at):
    """There is no library where it could."""
    chosen(at)
    settings.STATE = tmp_path / "elsewhere"

    assert "What has changed in Kenya?" in seen(at)


def test_before_any_is_chosen_the_page_has_none(kenya, at):
    page = seen(at)

    assert "Ask the library" in page
    assert "For example" not in page


def test_what_has_no_answer_is_no_example(settings, tmp_path, at):
    settings.STATE = tmp_path
    written_of(make.country(), at, body=["It rained over the harbour for nine days."])

    assert chosen(at) == (0, [])


@pytest.mark.parametrize(
    ("headline", "text", "told"),
    [
        ("A neighbour", "In Kenya the constitution changed.", True),
        ("Kenya since", "The constitution changed.", True),
        ("A neighbour", "The constitution changed.", False),
    ],
)
def test_what_stands_first_names_who_is_asked_about(at, headline, text, told):
    source = Source(1, "/a-neighbour/", headline, at.date(), countries=("Kenya", "Uganda"))
    brief = Brief(read("What has changed in Kenya?"), points=(Quotation(text, source, 0, 0, len(text)),))

    assert is_told(brief) is told


def test_a_library_that_answers_nothing_is_no_example():
    assert not is_told(Brief(read("What has changed in Kenya?")))


def test_a_library_that_answers_none_is_tried_once_an_hour(settings, tmp_path, at):
    """Not every minute: it takes some seconds. What it is given meanwhile answers within the hour."""
    settings.STATE = tmp_path
    country = make.country()
    written_of(country, at, body=["It rained over the harbour for nine days."])
    chosen(at)
    written_of(country, at, headline="Kenya now", body=[CHANGED, make.PARAGRAPH])

    assert chosen(at + timedelta(minutes=59)) == (0, [])
    assert chosen(at + timedelta(minutes=60)) == (1, ["What has changed in Kenya?"])


def test_those_of_another_day_stay_where_none_is_answered_today(kenya, at):
    chosen(at)
    take_back(Article.objects.get(), by=None, at=at)
    press(Article.objects.get().pk, at=at)
    catch_up()

    assert chosen(at + DAY) == (0, ["What has changed in Kenya?"])


def test_what_only_members_are_answered_is_no_example(settings, tmp_path, at):
    settings.STATE = tmp_path
    written_of(make.country(), at, audience="members", body=[make.PARAGRAPH, make.PARAGRAPH, make.PARAGRAPH, CHANGED])

    assert chosen(at) == (0, [])


def test_they_are_chosen_once_a_day(kenya, at):
    days = [chosen(moment)[0] for moment in (at, at + timedelta(hours=3), at + DAY)]

    assert days == [1, 0, 1]
    assert Example.objects.get().chosen_at == at + DAY


def test_while_the_library_is_built_those_of_another_day_stay(kenya, settings, tmp_path, at):
    chosen(at)
    settings.STATE = tmp_path / "elsewhere"

    assert chosen(at + DAY) == (0, ["What has changed in Kenya?"])


def test_they_are_about_what_is_written_of_most():
    assert worded([("Kenya", "Water"), ("Ethiopia", "")]) == [
        "What drives ties between Kenya and Ethiopia?",
        "What is at stake in Kenya over water?",
        "What has changed in Kenya?",
        "What has changed in Ethiopia?",
    ]


def test_countries_stand_in_them_as_people_say_them():
    assert worded([("United States", "Trade"), ("Kenya", ""), ("Dominican Republic", "")])[:3] == [
        "What drives ties between the United States and Kenya?",
        "What drives ties between Kenya and the Dominican Republic?",
        "What is at stake in the United States over trade?",
    ]
