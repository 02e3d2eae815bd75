import pytest

from broadsheet.press.actions import press
from tests import make
from tests.newsletters import make as made


@pytest.fixture
def printed(db, at):
    """An article made and printed, as `make.article` makes it."""
    make.site()

    def printed(kind="briefing", **fields):
        article = make.article(kind, at=fields.pop("at", at), **fields)
        press(article.pk, at=at)
        return article

    return printed


@pytest.fixture
def daily(db):
    return made.newsletter()
