"""Set the galley of an article: all that is printed of it, gathered from its rows. Many at once take as many queries as one."""

from bisect import bisect_right
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from broadsheet.access.terms import Audience
from broadsheet.design.maps import can_locate
from broadsheet.newsroom import policy
from broadsheet.newsroom.addresses import axis_path
from broadsheet.newsroom.cutting import cut
from broadsheet.newsroom.galley import DatedText, File, Galley, Link, Located, Person, Picture, Teaser
from broadsheet.newsroom.models import Article, Interview, NewsroomRules, Podcast, Report
from broadsheet.newsroom.pictures import pictures_of
from broadsheet.newsroom.policy import Neighbour
from broadsheet.newsroom.print_blocks import Bearings, linked_pages, shown_images, sources
from broadsheet.newsroom.queries import alike, lifted, paths_of
from broadsheet.newsroom.teasers import label_of, teasers_of
from broadsheet.newsroom.ties import (
    MOST_LOOKED_AT,
    NEAR,
    SAME,
    WEIGHTS,
    Key,
    Name,
    Shelf,
    Ties,
    names_of,
    shelf_of,
    ties_of,
    ties_of_draft,
)
from broadsheet.newsroom.words import RawStream, minutes

MORE_FROM = 3


class NeverDated(ValueError):
    """An article that was never published has no date to print: give the draft one first."""


@dataclass(frozen=True, slots=True)
class Gathered:
    """All rows that a batch of galleys needs, read once."""

    rules: NewsroomRules
    names: Mapping[Key, Name]
    shelf: Shelf
    bearings: Bearings
    alike: Mapping[int, Mapping[int, Neighbour]]  # by article, those that say the like
    at: datetime | None


def galley_of(article: Article, *, at: datetime | None = None) -> Galley:
    """The galley of one article as it is in memory: of a live one, or of a draft that nobody has saved.

    `at` tells whether the embargoes of articles that it links to are over; without it they are not.
    """
    specific = article.specific if type(article) is Article else article
    return _set_all([specific], {specific.pk: ties_of_draft(specific)}, at=at, shelf=None)[0]


def galleys_of(articles: Sequence[Article], *, at: datetime | None = None, shelf: Shelf | None = None) -> list[Galley]:
    """As their rows say, in the order given. Whoever sets a whole library hands in `ties.whole_shelf`, read once.

    `shelf` {}: nothing need be found to stand beside them, as where only their text is read.
    """
    plain = [article.pk for article in articles if type(article) is Article]
    found = {article.pk: article for article in Article.objects.filter(pk__in=plain).specific()} if plain else {}
    specific = [found.get(article.pk, article) for article in articles]
    return _set_all(specific, ties_of(specific), at=at, shelf=shelf)


def _set_all(articles: Sequence[Article], ties: Mapping[int, Ties], *, at: datetime | None, shelf: Shelf | None) -> list[Galley]:
    gathered = _gather(articles, ties, at, shelf)
    near = {article.pk: _neighbours(article, ties[article.pk], gathered) for article in articles}
    teasers = teasers_of(pk for related, more in near.values() for pk in (*related, *more))
    images = pictures_of(article.lead_image_id for article in articles if article.lead_image_id)
    return [_set(article, ties[article.pk], gathered, _beside(near[article.pk], teasers), images) for article in articles]


def _gather(articles: Sequence[Article], ties: Mapping[int, Ties], at: datetime | None, shelf: Shelf | None) -> Gathered:
    keys = {key for tie in ties.values() for key in tie.axes()}
    interviewers = {("contributor", pk) for article in articles if (pk := getattr(article, "interviewer_id", None))}
    streams = [stream for article in articles for stream in article.streams()]
    chosen = {pk for tie in ties.values() for pk in tie.chosen}
    return Gathered(
        rules=NewsroomRules.load(),
        names=names_of(keys | interviewers),
        shelf=shelf_of(keys, at=at) if shelf is None else shelf,
        alike={} if shelf == {} else _alike(articles, at),
        bearings=Bearings(paths=paths_of(linked_pages(streams) | chosen, at=at), pictures=pictures_of(shown_images(streams))),
        at=at,
    )


# What stands beside the text


def _neighbours(article: Article, ties: Ties, gathered: Gathered) -> tuple[list[int], list[int]]:
    """Related: those that the editor chose, then the nearest by axes and by what they say. More from: the newest by the same hand
    or in the series.

    Only older ones, so that a page does not change with each article that comes after it.
    """
    most = gathered.rules.related_articles
    chosen = [pk for pk in ties.chosen if pk in gathered.bearings.paths and pk != article.pk]
    near = _older(article, {key for key in ties.axes() if key[0] in NEAR}, gathered.shelf)
    for pk, one in gathered.alike.get(article.pk, {}).items():
        near[pk] = replace(near.get(pk, one), alike=one.alike)
    related = list(dict.fromkeys([*chosen, *policy.nearest(near.values(), most=most + len(chosen))]))[: max(most, len(chosen))]
    same = _older(article, {key for key in ties.axes() if key[0] in SAME}, gathered.shelf).values()
    newest = sorted((one for one in same if one.id not in related), key=lambda one: (one.dated_at, one.id), reverse=True)
    return related, [one.id for one in newest[:MORE_FROM]]


def _older(article: Article, keys: set[Key], shelf: Shelf) -> dict[int, Neighbour]:
    weights: dict[tuple[datetime, int], int] = {}
    this = (_dated(article), article.pk)
    for key in keys:
        line = shelf.get(key, [])
        place = bisect_right(line, this)
        for near in line[max(0, place - MOST_LOOKED_AT) : place]:
            weights[near] = weights.get(near, 0) + WEIGHTS[key[0]]
    return {pk: Neighbour(pk, dated_at, weight) for (dated_at, pk), weight in weights.items() if pk != article.pk}


def _alike(articles: Sequence[Article], at: datetime | None) -> dict[int, dict[int, Neighbour]]:
    """Of each article the older ones that readers may have."""
    found = {article.pk: alike(article.pk, f"{article.title}. {article.standfirst}") for article in articles}
    standing = Article.objects.filter(lifted(at), live=True, withdrawn_at=None, dated_at__isnull=False)
    wanted = {pk for near in found.values() for pk in near}
    dated = dict(standing.filter(pk__in=wanted).values_list("pk", "dated_at")) if wanted else {}
    return {
        article.pk: {
            pk: Neighbour(pk, dated[pk], 0, alike=how)
            for pk, how in found[article.pk].items()
            if pk in dated and (dated[pk], pk) < (_dated(article), article.pk)
        }
        for article in articles
    }


def _beside(near: tuple[list[int], list[int]], teasers: Mapping[int, Teaser]) -> tuple[tuple[Teaser, ...], tuple[Teaser, ...]]:
    related, more = near
    return tuple(teasers[pk] for pk in related if pk in teasers), tuple(teasers[pk] for pk in more if pk in teasers)


# The galley itself


def _set(
    article: Article,
    ties: Ties,
    gathered: Gathered,
    beside: tuple[tuple[Teaser, ...], tuple[Teaser, ...]],
    images: Mapping[int, Picture],
) -> Galley:
    audience = Audience(article.audience)
    names, streams = gathered.names, article.streams()
    cutting = cut(streams, gathered.bearings, gated=audience is not Audience.OPEN, least=gathered.rules.cut_words)
    picture = _lead(article, images)
    related, more = beside
    galley = Galley(
        id=article.pk,
        story=article.story,
        path=article.address,
        kind=article.kind,
        label=label_of(article.kind, getattr(article, "report_kind", "")),
        headline=article.title,
        standfirst=article.standfirst,
        audience=audience,
        dated_at=_dated(article),
        changed_at=_changed(article, ties.corrections),
        minutes=minutes(article.words),
        words=article.words,
        free=cutting.free,
        rest=cutting.rest,
        dateline=article.dateline,
        bylines=tuple(_person(names["contributor", pk]) for pk in ties.contributors),
        section=names["section", ties.section].link("section") if ties.section else None,
        series=names["series", ties.series].link("series") if ties.series else None,
        countries=_links("country", ties.countries, names),
        regions=_links("region", ties.regions, names),
        issues=_links("issue", ties.issues, names),
        picture=picture,
        located=None if picture or article.kind == "roundup" else _located(ties.countries, gathered),
        editors_note=article.editors_note,
        corrections=tuple(ties.corrections),
        related=related,
        more_from=more,
        chapters=cutting.chapters,
        footnotes=cutting.footnotes,
        files=(*(File(path) for path in (sources(picture) if picture else ())), *cutting.files),
        keys=_keys(ties, (*related, *more), streams),
    )
    return TYPES.get(article.kind, _as_it_is)(article, galley, gathered)


def _located(countries: Sequence[int], gathered: Gathered) -> Located | None:
    mapped = [gathered.names["country", pk] for pk in policy.mapped(countries)]
    codes = tuple(country.code for country in mapped)
    if not can_locate(codes):
        return None
    return Located(codes, gathered.rules.map_viewpoint, ", ".join(country.text for country in mapped))


def _dated(article: Article) -> datetime:
    if not (dated_at := article.dated_at or article.first_published_at):
        raise NeverDated(f"{article} was never published and has no date.")
    return dated_at


def _changed(article: Article, corrections: Sequence[DatedText]) -> datetime:
    moments = [_dated(article), *(line.on for line in corrections)]
    return max([*moments, article.last_published_at] if article.last_published_at else moments)


def _person(name: Name) -> Person:
    return Person(name.text, axis_path("contributor", name.slug), name.line)


def _links(axis: str, pks: Sequence[int], names: Mapping[Key, Name]) -> tuple[Link, ...]:
    return tuple(names[axis, pk].link(axis) for pk in pks)


def _lead(article: Article, images: Mapping[int, Picture]) -> Picture | None:
    found = images.get(article.lead_image_id or 0)
    return replace(found, caption=article.lead_caption, credit=article.lead_credit) if found else None


def _keys(ties: Ties, beside: Sequence[Teaser], streams: list[RawStream]) -> frozenset[str]:
    """Articles that the text links to are among them before they are published: then the link appears."""
    articles = {teaser.id for teaser in beside} | linked_pages(streams) | set(ties.chosen)
    return frozenset({f"{axis}:{pk}" for axis, pk in ties.axes()} | {f"article:{pk}" for pk in articles})


# What only one type has


def _as_it_is(article: Article, galley: Galley, gathered: Gathered) -> Galley:
    return galley


def _interview(article: Interview, galley: Galley, gathered: Gathered) -> Galley:
    pk = article.interviewer_id
    return replace(
        galley,
        interviewer=_person(gathered.names["contributor", pk]) if pk else None,
        expert=article.expert,
        expert_role=article.expert_role,
        keys=galley.keys | ({f"contributor:{pk}"} if pk else set()),
    )


def _report(article: Report, galley: Galley, gathered: Gathered) -> Galley:
    return replace(galley, key_points=tuple(article.key_points))


def _podcast(article: Podcast, galley: Galley, gathered: Gathered) -> Galley:
    recording = article.recording.file.url if article.recording else ""
    heard = (File(recording, free=galley.audience is Audience.OPEN),) if recording else ()
    duration = article.duration if recording else ""
    return replace(galley, recording=recording, duration=duration, episode=article.episode, files=(*galley.files, *heard))


TYPES: dict[str, Callable[..., Galley]] = {"interview": _interview, "report": _report, "podcast": _podcast}
