"""The box of related articles, where passages are embedded: as far as everybody may read them."""

from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

from broadsheet.library import vectors
from broadsheet.library.documents import Mark
from broadsheet.library.keeping import current, rebuild
from broadsheet.newsroom.galleys import galley_of
from tests import make
from tests.library.conftest import document

AT = datetime(2026, 3, 2, 8, tzinfo=UTC)
DAMS, FOOTBALL = np.eye(2, vectors.DIMENSIONS, dtype=np.float32)

pytestmark = pytest.mark.django_db


def embedded(folder, says):
    """An index in which each article's free passage lies where `says` has it, and its paid one where the dams are."""
    documents = {pk: document(pk, "note", f"Note {pk}", free="One.", rest="Two.") for pk in says}
    rebuild(folder, changes_after=lambda cursor: iter([(Mark(1), list(documents.values()), [])]))
    for pk, of_it in documents.items():
        vectors.append(current(folder) / "vectors", vectors.records(of_it, np.stack([says[pk], DAMS])))


def test_related_articles_share_axes_or_say_the_like_before_their_walls(settings, tmp_path):
    settings.STATE = tmp_path
    kenya = [make.country("Kenya")]
    alike, shares, other, article, later = (
        make.article(countries=countries, at=AT + timedelta(days=day)).pk
        for day, countries in enumerate(([], kenya, [], kenya, []))
    )
    page = make.TYPES["briefing"].objects.get(pk=article)
    assert [teaser.id for teaser in galley_of(page, at=AT).related] == [shares]

    embedded(tmp_path / "library", {alike: DAMS, shares: FOOTBALL, other: FOOTBALL, article: DAMS, later: DAMS})

    assert {teaser.id for teaser in galley_of(page, at=AT).related} == {alike, shares}
