"""Which articles an alert is about, as far as somebody may read: a search to the letter, what is followed by tags and text."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from broadsheet.access.passes import short
from broadsheet.access.terms import Audience
from broadsheet.library import policy, together
from broadsheet.library.following import Subject
from broadsheet.library.keeping import Reader as Index
from broadsheet.library.models import Alert, Follow, Named
from broadsheet.library.query import Item, Query, Word, parse
from broadsheet.library.sight import EVERYTHING, STRANGER, Sight
from broadsheet.library.stems import STEMMED
from broadsheet.newsroom.addresses import axis_path
from broadsheet.newsroom.ties import AXIS_MODELS
from broadsheet.press.models import Listed, Pressing
from broadsheet.press.queries import newest_on


def matching(alert: Alert, among: Collection[int], *, sight: Sight, index: Index) -> set[int]:
    """Of these articles, in the sight of whoever is told. Raises `keeping.NotBuilt`."""
    if not among:
        return set()
    if alert.text:
        return found(alert.text, among, sight=sight, index=index)
    signs = _signs_of_follow(alert)
    return seen_in(sight, said_of(signs, tagged(among))) if signs else set()


def found_by_anybody(text: str, among: Collection[int], *, index: Index) -> set[int]:
    """In whatever sight: each article is read either to its cut or whole."""
    return found(text, among, sight=STRANGER, index=index) | found(text, among, sight=EVERYTHING, index=index)


def found(text: str, among: Collection[int], *, sight: Sight, index: Index) -> set[int]:
    looking = index.looking(sight)
    query = looking.among(among, looking.matching(to_the_letter(parse(text)).items))
    return set(looking.ids(looking.by_date(query, most=len(among), skip=0, newest_first=True)))


def to_the_letter(query: Query) -> Query:
    """All of its words are wanted, but those that say nothing."""
    telling = tuple(item for item in query.items if not _says_nothing(item))
    return replace(query, items=telling) if telling else query


def _says_nothing(item: Item) -> bool:
    return all(isinstance(node, Word) and not STEMMED.analyze(node.text) for node in item.any_of)


# What is followed


@dataclass(frozen=True, slots=True)
class Signs:
    """By what an article is known to be about a thing: it stands on the list, or is about all of the actors."""

    list: str = ""
    actors: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Tagged:
    """Where articles stand, and whom each is about: `about` an actor freely, or only by what stands beyond the cut."""

    lists: Mapping[str, set[int]] = field(default_factory=dict)
    about: Mapping[str, Mapping[int, bool]] = field(default_factory=dict)


Desk = Mapping[str, Mapping[int, Any]]  # its rows, by axis and number


def desk_of(subjects: Collection[Subject]) -> Desk:
    """What of these stands on the desk, of the axes that there are."""
    wanted: dict[str, set[int]] = defaultdict(set)
    for one in subjects:
        wanted[axis_of(one)] |= {one.row, one.other} - {0}
    return {axis: AXIS_MODELS[axis].objects.in_bulk(pks) for axis, pks in wanted.items() if axis in AXIS_MODELS}


def signs_of(subject: Subject, desk: Desk) -> Signs | None:
    """None of what is gone from the desk. Raises `KeyError` of a kind that there is not."""
    of_axis = desk[axis_of(subject)]
    rows = [of_axis.get(pk) for pk in (subject.row, subject.other) if pk]
    return _signs(subject, rows) if all(rows) else None


def axis_of(subject: Subject) -> str:
    return "country" if subject.kind == Follow.Kind.RELATION else subject.kind


def _signs(subject: Subject, rows: list[Any]) -> Signs:
    if subject.kind == Follow.Kind.RELATION:
        return Signs(actors=tuple(policy.country(row.code) for row in rows))
    name = axis_path(subject.kind, rows[0].slug).strip("/")
    match subject.kind:
        case Follow.Kind.COUNTRY:
            return Signs(name, (policy.country(rows[0].code),))
        case Follow.Kind.ISSUE:
            return Signs(name, (policy.issue(rows[0].slug),))
    return Signs(name)


def tagged(among: Collection[int]) -> Tagged:
    lists: dict[str, set[int]] = defaultdict(set)
    for name, article in Listed.objects.filter(article_id__in=among).values_list("list", "article_id"):
        lists[name].add(article)
    about: dict[str, dict[int, bool]] = defaultdict(dict)
    rows = Named.objects.filter(article_id__in=among, about=True).values_list("actor", "article_id", "freely")
    for actor, article, freely in rows:
        about[actor][article] = freely
    return Tagged(lists, about)


def said_of(signs: Signs, tagged: Tagged) -> dict[int, bool]:
    """Articles about it, and whether tags and the text before the cut say so."""
    each = [tagged.about.get(actor, {}) for actor in signs.actors]
    both = each[0].keys() & each[-1].keys() if each else set()
    said = {article: all(one[article] for one in each) for article in both}
    return said | dict.fromkeys(tagged.lists.get(signs.list, ()), True)


def seen_in(sight: Sight, said: Mapping[int, bool]) -> set[int]:
    """What only stands beyond the cut is told to whoever may read it."""
    beyond = [article for article, freely in said.items() if not freely]
    rows = Pressing.objects.filter(article_id__in=beyond, withdrawn_at=None).values_list("article_id", "story", "audience")
    read = {article for article, story, audience in rows if sight.is_full(story=short(story), audience=Audience(audience))}
    return {article for article, freely in said.items() if freely or article in read}


# For feeds


def newest(alert: Alert, *, most: int, sight: Sight, index: Index) -> list[int]:
    """What it is about and was there before too, in no order; enough of what anybody may see. Raises `keeping.NotBuilt`."""
    if alert.text:
        looking = index.looking(sight)
        matching = looking.matching(to_the_letter(parse(alert.text)).items)
        return looking.ids(looking.by_date(matching, most=most, skip=0, newest_first=True))
    signs = _signs_of_follow(alert)
    if signs is None:
        return []
    listed = newest_on(signs.list, count=most) if signs.list else []
    about = [one for each in together.coverages(signs.actors) for one in together.latest(each, most)] if signs.actors else []
    return list(seen_in(sight, said_of(signs, tagged({*listed, *about}))))


def _signs_of_follow(alert: Alert) -> Signs | None:
    assert alert.follow is not None
    subject = Subject(alert.follow.kind, alert.follow.row, alert.follow.other)
    return signs_of(subject, desk_of([subject]))
