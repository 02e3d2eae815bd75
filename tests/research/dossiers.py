"""Articles that are published, and dossiers that are gathered of them, as the worker does it."""

from datetime import timedelta

from broadsheet.library.actions.gleaning import glean_new
from broadsheet.library.catching_up import catch_up, folder
from broadsheet.library.following import Subject
from broadsheet.library.keeping import Reader as Index
from broadsheet.press.actions import press
from broadsheet.research.actions import editing
from broadsheet.research.actions.refreshing import refresh_dossiers
from broadsheet.research.models import Dossier
from tests import make

SECOND, HOUR, DAY = timedelta(seconds=1), timedelta(hours=1), timedelta(days=1)
FREE = "Kenya signed a water treaty with Ethiopia in the capital on Monday, after ten years of talks."
PAID = "Kenya withdrew its ambassador from Addis Ababa after the talks on the border collapsed this week."
FOUR = "Kenya has sent 4,000 soldiers to guard the border with its northern neighbour since the talks collapsed."
SIX = FOUR.replace("4,000", "6,000")


def published(headline, at, *, says=PAID, **fields):
    told = {"audience": "members", "body": [make.PARAGRAPH, make.PARAGRAPH, says]} | fields
    article = make.article(headline=headline, at=at, **told)
    press(article.pk, at=at)
    return article


def go_round(at):
    glean_new(at=at)
    catch_up()
    return refresh_dossiers(at=at, index=Index(folder()))


def of_editors(row, at):
    dossier = editing.begin(subject=Subject("country", row.pk), at=at)
    go_round(at)
    return Dossier.objects.get(pk=dossier.pk)
