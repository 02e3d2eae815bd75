"""What a dossier is gathered from: the newest articles, and those that stand however much came out since."""

from datetime import timedelta

import pytest

from broadsheet.library.actions.gleaning import glean_new
from broadsheet.library.catching_up import catch_up
from broadsheet.library.following import Subject
from broadsheet.library.sight import EVERYTHING, STRANGER
from broadsheet.newsroom.models import Article
from broadsheet.research import matters
from broadsheet.research.actions.dossiers import drafted_of
from broadsheet.research.matters import matter_of, standing_on
from tests import make
from tests.research.dossiers import DAY, published

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("state")]

YEARS = timedelta(days=7 * 365)
TURNING = "On 15 January 2019 Kenya signed the peace treaty on its northern border in the old town of Marsabit."
LATER = "Since Kenya signed the peace treaty on its northern border on 15 January 2019, no shot was heard in Marsabit."


@pytest.fixture(autouse=True)
def little_is_looked_at(monkeypatch):
    monkeypatch.setattr(matters, "LOOKED_AT", 2)


def gathered(kenya, at, *, sight=EVERYTHING):
    glean_new(at=at)
    catch_up()
    dossier = drafted_of(Subject("country", kenya.pk), "", at=at)
    return standing_on(dossier, matter_of(dossier), sight=sight, at=at, index=None)


def headlines(standing):
    return set(Article.objects.filter(pk__in=standing.articles).values_list("title", flat=True))


def much_news(kenya, at):
    """Also of those who may not read on."""
    for number in range(9):
        news = f"Ministers of Kenya met for the {number + 3}th time this year."
        published(f"News {number}", at - number * DAY, countries=[kenya], audience="open", body=[news, make.PARAGRAPH])


def test_what_tells_a_turning_point_is_looked_at_however_much_came_out_since(kenya, at):
    published("The treaty", at - YEARS, says=TURNING, countries=[kenya])
    published("A year of peace", at - YEARS + 300 * DAY, says=LATER, countries=[kenya])
    much_news(kenya, at)

    standing = gathered(kenya, at)

    assert headlines(standing) == {"News 0", "News 1", "The treaty"}
    assert TURNING in {one.text for one in standing.quotations}


def test_a_report_is_looked_at_however_much_came_out_since(kenya, at):
    published("Kenya in ten chapters", at - YEARS, kind="report", countries=[kenya], body=[])
    much_news(kenya, at)

    assert headlines(gathered(kenya, at)) == {"News 0", "News 1", "Kenya in ten chapters"}


def test_a_turning_point_beyond_the_cut_is_not_looked_at_for_whoever_may_not_read_on(kenya, at):
    """Not even where the articles are tagged with the country, so that all may know what they are about."""
    for headline, says in (("The treaty", TURNING), ("A year of peace", LATER)):
        published(headline, at - YEARS, says=says, countries=[kenya])
    much_news(kenya, at)

    assert headlines(gathered(kenya, at, sight=STRANGER)) == {"News 0", "News 1"}
