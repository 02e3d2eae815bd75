"""Galleys as they are printed: the newsroom's, with the number that the wall promises, which is membership's to say."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from broadsheet.newsroom import galleys as newsroom
from broadsheet.newsroom.galley import Galley
from broadsheet.newsroom.models import Article
from broadsheet.newsroom.queries import wall_allowance
from broadsheet.newsroom.ties import Shelf


def galley_of(article: Article, *, at: datetime) -> Galley:
    return replace(newsroom.galley_of(article, at=at), allowance=wall_allowance())


def galleys_of(articles: Sequence[Article], *, at: datetime, shelf: Shelf | None) -> list[Galley]:
    allowance = wall_allowance()
    return [replace(galley, allowance=allowance) for galley in newsroom.galleys_of(articles, at=at, shelf=shelf)]
