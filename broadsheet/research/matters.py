"""What a dossier is of, and what the library has on it now, as far as somebody may read."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial

from broadsheet.library import matches, policy, together, turning
from broadsheet.library.catching_up import documents_of
from broadsheet.library.documents import Document
from broadsheet.library.following import Subject, path_of_relation
from broadsheet.library.gazetteer import Mention, shipped
from broadsheet.library.keeping import Reader as Index
from broadsheet.library.matches import Desk, Signs, desk_of, said_of, seen_in, signs_of, tagged
from broadsheet.library.sight import Sight
from broadsheet.library.themes import Themes, phrases_of
from broadsheet.library.together import Coverage
from broadsheet.newsroom.addresses import axis_path
from broadsheet.newsroom.models import Article, Country, Issue
from broadsheet.press.models import Listed, Pressing
from broadsheet.press.queries import newest_on
from broadsheet.research.asking import read
from broadsheet.research.keeping_up import told_of
from broadsheet.research.models import Dossier
from broadsheet.research.quoting import Quotation
from broadsheet.research.researching import brief
from broadsheet.research.retrieving import look_up
from broadsheet.research.sentences import goes_on
from broadsheet.research.sources import Passage, Source
from broadsheet.wire import links_beside
from broadsheet.wire.links_beside import Beside

LOOKED_AT = 24  # of the newest articles
TURNING_POINTS, REPORTS = 8, 3  # that are looked at besides, however old
MORE = 2  # times as many are asked for: some may be seen by others alone
Kind = Dossier.Kind


@dataclass(frozen=True, slots=True)
class Matter:
    """What a dossier is of, by the name and the path of its page ("" of a question). `rows`: its countries, or the issue."""

    kind: str
    name: str
    path: str
    actors: tuple[str, ...]
    rows: tuple[Country | Issue, ...] = ()


@dataclass(frozen=True, slots=True)
class Standing:
    """What there is now. `articles`: about it, and whether strangers may know so. `documents`: of all that is quoted."""

    quotations: tuple[Quotation, ...] = ()
    articles: Mapping[int, bool] = field(default_factory=dict)
    documents: Mapping[int, Document] = field(default_factory=dict)
    links: tuple[Beside, ...] = ()


def matter_of(dossier: Dossier) -> Matter | None:
    """None of what is gone from the desk."""
    if dossier.kind == Kind.QUESTION:
        return Matter(dossier.kind, dossier.question, "", read(dossier.question).actors)
    subject = Subject(dossier.kind, dossier.row, dossier.other)
    desk = desk_of([subject])
    signs = signs_of(subject, desk)
    return _matter(subject, signs, desk) if signs else None


def _matter(subject: Subject, signs: Signs, desk: Desk) -> Matter:
    rows = tuple(desk[matches.axis_of(subject)][pk] for pk in (subject.row, subject.other) if pk)
    if subject.kind == Kind.RELATION:
        both = sorted(rows, key=lambda country: str(country.name))
        path = path_of_relation(country.slug for country in both)
        return Matter(subject.kind, " and ".join(one.name for one in both), path, signs.actors, tuple(both))
    return Matter(subject.kind, rows[0].name, axis_path(subject.kind, rows[0].slug), signs.actors, rows)


def keys_beside(matter: Matter) -> set[str]:
    """Of the pages that show the dossiers on it."""
    if matter.kind == Kind.QUESTION:
        return set()
    if matter.kind == Kind.RELATION:
        return {policy.key_of_both(*matter.actors)}
    return {policy.key_of(matter.actors[0])}


# What there is


def standing_on(dossier: Dossier, matter: Matter, *, sight: Sight, at: datetime, index: Index) -> Standing:
    """Raises `library.keeping.NotBuilt`."""
    links = tuple(links_on(matter))
    if dossier.kind == Kind.QUESTION:
        return _answering(dossier.question, sight=sight, at=at, index=index, links=links)
    subject = Subject(dossier.kind, dossier.row, dossier.other)
    signs = signs_of(subject, desk_of([subject]))
    articles = _newest(signs, sight, matter) if signs else {}
    documents = documents_in(articles)
    passages = [passage for document in _newest_first(documents) for passage in passages_of(document, sight=sight)]
    quotations = told_of(passages, actors=matter.actors, names=names_in(matter), at=at.date())
    return Standing(tuple(quotations), articles, documents, links)


def _answering(question: str, *, sight: Sight, at: datetime, index: Index, links: tuple[Beside, ...]) -> Standing:
    """Strangers may know of an article that it answers where what it is quoted with stands before the cut."""
    found = brief(question, look_up=partial(look_up, sight=sight, at=at, reader=index), nearness=None, at=at)
    documents = documents_in({one.source.id for one in found.quotations})
    there = tuple(one for one in found.quotations if stands_in(documents.get(one.source.id), one))
    articles: dict[int, bool] = {}
    for one in there:
        articles[one.source.id] = articles.get(one.source.id, False) or is_free(documents[one.source.id], one.paragraph)
    return Standing(there, articles, documents, links)


def _newest(signs: Signs, sight: Sight, matter: Matter) -> dict[int, bool]:
    """And what stands however old it is: its own profile, reports on it, and what tells its turning points."""
    listed = newest_on(signs.list, count=MORE * LOOKED_AT) if signs.list else []
    free, whole = together.coverages(signs.actors)
    about = [one for each in (free, whole) for one in together.latest(each, MORE * LOOKED_AT)]
    profiles, standing = _profiles(signs, matter), _standing(signs, whole if sight.entitled else free, freely=not sight.entitled)
    said = said_of(signs, tagged({*listed, *about, *profiles, *standing}))
    rows = Pressing.objects.filter(article_id__in=seen_in(sight, said), withdrawn_at=None).order_by("-dated_at", "-article_id")
    found = list(rows.values_list("article_id", flat=True))
    own = [pk for pk in found if pk in profiles][:1]
    newest = [*own, *(pk for pk in found if pk not in own)][:LOOKED_AT]
    return {pk: said[pk] for pk in (*newest, *(pk for pk in found if pk in standing and pk not in newest))}


def _standing(signs: Signs, covered: Coverage, *, freely: bool) -> set[int]:
    """`freely`: as far as strangers may know."""
    among, weights = covered.newest(together.MOST_ARTICLES), covered.weights
    reports = sorted(together.reports_among(among), key=lambda pk: (-weights[pk], -pk))[:REPORTS]
    told = together.told_of(signs.actors, articles=among)
    article_of = {one.id: one.article for one in told}
    return {*reports, *(article_of[one.tellings[0]] for one in turning.events(told, freely=freely, most=TURNING_POINTS))}


def _profiles(signs: Signs, matter: Matter) -> list[int]:
    """The newest that a country's list has."""
    if matter.kind != Kind.COUNTRY or not signs.list:
        return []
    on_list = Listed.objects.filter(list=signs.list).values("article_id")
    rows = Article.objects.filter(title__istartswith=matter.name, title__icontains="profile", pk__in=on_list)
    return list(rows.order_by("-dated_at", "-pk").values_list("pk", flat=True)[:MORE])


def _newest_first(documents: Mapping[int, Document]) -> list[Document]:
    return sorted(documents.values(), key=lambda one: (one.dated_at, one.id), reverse=True)


def documents_in(article_ids: Collection[int]) -> dict[int, Document]:
    """Of those that stand on the site as they were pressed."""
    rows = list(Pressing.objects.filter(article_id__in=article_ids, withdrawn_at=None))
    return {document.id: document for document in documents_of(rows)} if rows else {}


def lines_of(document: Document) -> list[str]:
    """As `retrieving` numbers paragraphs."""
    return f"{document.free}\n{document.rest}".splitlines()


def is_free(document: Document, paragraph: int) -> bool:
    return paragraph < len(document.free.splitlines())


def stands_in(document: Document | None, quotation: Quotation) -> bool:
    lines = lines_of(document) if document else []
    stands = quotation.paragraph < len(lines) and lines[quotation.paragraph][quotation.begin : quotation.end]
    return bool(stands) and stands == quotation.verbatim


def passages_of(document: Document, *, sight: Sight) -> Sequence[Passage]:
    full = sight.is_full(story=document.story, audience=document.audience)
    lines = lines_of(document) if full else document.free.splitlines()
    source, speaker, passages = source_of(document, full=full), "", []
    for number, line in enumerate(lines):
        speaker = goes_on(line, speaker)
        passages.append(Passage(source, number, line, speaker))
    return passages


def source_of(document: Document, *, full: bool = True) -> Source:
    return Source(
        id=document.id,
        path=document.path,
        headline=document.headline,
        dated_on=document.dated_at.date(),
        contributors=tuple(one.name for one in document.contributors),
        label=document.label,
        countries=tuple(one.name for one in document.countries),
        full=full,
    )


def names_in(matter: Matter) -> Callable[[str], Sequence[Mention]]:
    if matter.kind != Kind.ISSUE:
        return shipped().find
    own = [(one.slug, [*phrases_of(one.name, one.also_called), one.name]) for one in matter.rows if isinstance(one, Issue)]
    return Themes(dict(own)).find


# Links to other outlets


def links_on(matter: Matter) -> list[Beside]:
    rows = matter.rows or tuple(Country.objects.filter(code__in=_codes(matter.actors)).order_by("name"))
    countries = [one for one in rows if isinstance(one, Country)]
    if len(countries) == 2:
        return links_beside.of_both(*countries)
    if len(countries) == 1:
        return links_beside.of_country(countries[0])
    return [link for one in rows if isinstance(one, Issue) for link in links_beside.of_issue(one)]


def _codes(actors: Collection[str]) -> list[str]:
    return [key.partition(":")[2] for key in actors if policy.is_country(key)]
