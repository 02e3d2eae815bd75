"""What everybody is shown of an article says what was asked for, or does not."""

import pytest

from broadsheet.access.terms import Audience
from broadsheet.library.documents import Named
from broadsheet.library.openly import says
from broadsheet.library.query import parse
from broadsheet.library.tantivy_index import Card
from tests.library.conftest import AT

CARD = Card(
    id=1,
    story="s1",
    path="/notes/1/",
    audience=Audience.METERED,
    dated_at=AT,
    headline="Peace talks in Sudan",
    standfirst="Khartoum waits.",
    label="Note",
    contributors=(Named("ada-writer", "Ada Writer"),),
    countries=(Named("egypt", "Egypt"),),
)


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("sudan talk", True),
        ("khartoum egypt writer", True),
        ('"talks in sudan"', True),
        ("sudan OR chad", True),
        ("suda* -chad", True),
        ("the country:chad after:2015", False),
        ("country:chad -sudan", True),
        ("", True),
        ("sudan chad", False),
        ('"sudan khartoum"', False),
        ('"talk in sudan"', False),
        ("chad*", False),
        ("in", True),
        ("of", False),
    ],
)
def test_all_that_is_asked_for_is_shown_to_everybody(typed, told):
    assert says(CARD, parse(typed)) is told
