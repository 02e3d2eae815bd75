"""A dossier as somebody sees it: what they may read of it at this moment, and what changed in it on which day."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby

from django.utils import timezone

from broadsheet.access.passes import short
from broadsheet.access.terms import Audience
from broadsheet.library.sight import STRANGER, Sight
from broadsheet.membership.models import Reader
from broadsheet.newsroom.galley import Teaser
from broadsheet.newsroom.teasers import teasers_of
from broadsheet.press.models import Pressing
from broadsheet.research.matters import Matter, links_on, matter_of
from broadsheet.research.models import Change, Dossier, Following, Point
from broadsheet.research.showing import Sentence, as_a_name, fragment_of
from broadsheet.wire import links_beside
from broadsheet.wire.links_beside import Beside

OWN = "/research/dossiers/"
LABELS = {
    Change.Kind.NEW: "New",
    Change.Kind.REPLACED: "In place of what was said before",
    Change.Kind.DISAGREE: "Said otherwise before",
    Change.Kind.ARTICLE: "New article",
    Change.Kind.LINK: "Elsewhere",
}


@dataclass(frozen=True, slots=True)
class Changed:
    """`newer` and `older` as far as they may be read; the headline of `teaser` is free. `link`: then there is no article."""

    number: int
    kind: str
    at: datetime
    teaser: Teaser | None = None
    newer: Sentence | None = None
    older: Sentence | None = None
    link: Beside | None = None

    @property
    def label(self) -> str:
        return LABELS[Change.Kind(self.kind)]


@dataclass(frozen=True, slots=True)
class Shown:
    """`held_back`: of so many points whoever looks may not read the quotation, though its article stands on the site."""

    number: int
    title: str
    introduction: str
    path: str
    matter: Matter | None
    points: tuple[Sentence, ...]
    held_back: int
    changes: tuple[Changed, ...]
    links: tuple[Beside, ...]
    refreshed_at: datetime | None
    published: bool

    @property
    def days(self) -> list[tuple[date, list[Changed]]]:
        """The newest first."""
        zone = timezone.get_default_timezone()
        return [(on, list(some)) for on, some in groupby(self.changes, key=lambda one: one.at.astimezone(zone).date())]

    @property
    def articles(self) -> set[int]:
        return {one.teaser.id for one in self.changes if one.teaser}


def path_of(dossier: Dossier) -> str:
    return f"{OWN}{dossier.pk}/" if dossier.reader_id else f"/dossiers/{dossier.slug}/"


class _Library:
    """How articles stand with the press by now, and what somebody may read of them."""

    def __init__(self, articles: Iterable[int], sight: Sight) -> None:
        rows = Pressing.objects.filter(article_id__in=set(articles), withdrawn_at=None)
        self._stands = {row.article_id: row for row in rows}
        self._sight = sight
        self.teasers = teasers_of(self._stands.keys())

    def is_full(self, article: int) -> bool:
        row = self._stands.get(article)
        return row is not None and self._sight.is_full(story=short(row.story), audience=Audience(row.audience))

    def may_know(self, article: int, *, freely: bool) -> bool:
        return article in self.teasers and (freely or self.is_full(article))

    def may_read(self, article: int, *, free: bool, edition: str) -> bool:
        """Of another text than that in which it was found nothing is quoted."""
        row = self._stands.get(article)
        stands = row is not None and article in self.teasers and row.edition_of_text == edition
        return stands and (free or self.is_full(article))

    def sentence(
        self, article: int, text: str, *, number: int, speaker: str = "", said: str = "", pinned: bool = False
    ) -> Sentence:
        teaser = self.teasers[article]
        on = teaser.dated_at.astimezone(timezone.get_default_timezone()).date()
        return Sentence(
            number=number,
            text=text,
            speaker=speaker,
            headline=teaser.headline,
            by=", ".join(teaser.bylines),
            as_of=f"as of {on:%B %Y}",
            on=on,
            path=f"{teaser.path}#:~:text={fragment_of(text.strip('… '))}",
            article=article,
            said=said,
            pinned=pinned,
        )


def shown(dossier: Dossier, *, sight: Sight, openly: bool = False) -> Shown:
    """`openly`: as far as strangers may, without any quotation."""
    matter = matter_of(dossier)
    points = list(dossier.points.filter(set_aside_at=None))
    changes = list(dossier.changes.all())
    library = _Library(_articles(points, changes), STRANGER if openly else sight)
    sentences = () if openly else _sentences(points, library)
    links = tuple(links_on(matter)) if matter else ()
    return Shown(
        number=dossier.pk,
        title=dossier.title,
        introduction=dossier.introduction,
        path=path_of(dossier),
        matter=matter,
        points=sentences,
        held_back=sum(1 for one in points if one.article_id in library.teasers) - len(sentences),
        changes=changed(changes, library, openly=openly),
        links=links,
        refreshed_at=dossier.refreshed_at,
        published=dossier.published_at is not None,
    )


def _articles(points: Iterable[Point], changes: Iterable[Change]) -> set[int]:
    return {*(one.article_id for one in points), *(pk for one in changes for pk in (one.article_id, one.other) if pk)}


def _sentences(points: Sequence[Point], library: _Library) -> tuple[Sentence, ...]:
    return tuple(
        library.sentence(
            one.article_id,
            one.text,
            number=one.pk,
            speaker=as_a_name(one.speaker),
            said=one.said,
            pinned=one.pinned_at is not None,
        )
        for one in points
        if library.may_read(one.article_id, free=one.free, edition=one.edition)
    )


def changes_for(rows: Sequence[Change], *, sight: Sight) -> tuple[Changed, ...]:
    """These alone, for a mail."""
    return changed(rows, _Library(_articles([], rows), sight))


def changed(rows: Sequence[Change], library: _Library, *, openly: bool = False) -> tuple[Changed, ...]:
    by_url = links_beside.at_addresses({row.url for row in rows if row.url})
    return tuple(one for row in rows if (one := _changed(row, library, by_url, openly)))


def _changed(row: Change, library: _Library, links: Mapping[str, Beside], openly: bool) -> Changed | None:
    if row.kind == Change.Kind.LINK:
        link = links.get(row.url)
        return Changed(row.pk, row.kind, row.at, link=link) if link else None
    if not library.may_know(row.article_id, freely=row.freely):
        return None
    teaser = library.teasers[row.article_id]
    if openly or not row.text or not library.may_read(row.article_id, free=row.free, edition=row.edition):
        return Changed(row.pk, Change.Kind.ARTICLE, row.at, teaser)
    newer = library.sentence(row.article_id, row.text, number=row.pk)
    may_read_older = row.other_text and library.may_read(row.other, free=row.other_free, edition=row.other_edition)
    older = library.sentence(row.other, row.other_text, number=0) if may_read_older else None
    return Changed(row.pk, row.kind, row.at, teaser, newer, older)


# In lists


@dataclass(frozen=True, slots=True)
class Row:
    """One of a reader's own, or one that they follow. `often`: "" where no mail comes of it."""

    number: int
    title: str
    path: str
    often: str
    refreshed_at: datetime | None


def rows_of(reader: Reader) -> tuple[list[Row], list[Row]]:
    """Their own, and those of the editors' that they follow and that stand on the site."""
    often = dict(Following.objects.filter(reader=reader).values_list("dossier_id", "often"))
    own = Dossier.objects.filter(reader=reader).order_by("title", "pk")
    followed = Dossier.objects.filter(pk__in=often, reader=None, published_at__isnull=False).order_by("title", "pk")
    first, second = (
        [Row(one.pk, one.title, path_of(one), often.get(one.pk, ""), one.refreshed_at) for one in rows]
        for rows in (own, followed)
    )
    return first, second
