"""Stories as an editor's desk shows them: which, in what order, how many, and what is said of each."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from operator import itemgetter

from babel import Locale
from django.db.models import Case, Count, Exists, F, OuterRef, Q, QuerySet, Value, When

from broadsheet.membership.models import Reader
from broadsheet.newsroom.models import Country, Issue, Region
from broadsheet.newsroom.outward import is_ours
from broadsheet.newsroom.words import minutes
from broadsheet.wire import policy
from broadsheet.wire.actions.counting import our_subjects
from broadsheet.wire.actions.editing import ASIDE
from broadsheet.wire.asked import Asked, Below, Shelf, Sort
from broadsheet.wire.models import About, Deed, Item, Pick, Seen, Story

KEPT = timedelta(days=2)  # on the desk, since it was last told
BACK = timedelta(days=1)  # on it at least, once it comes back
A_PAGE = 30
HEADLINES = 6  # of one story, with the leading one; its own page has all
CANDIDATES = 3  # the best to read, shown of the story that an editor is at
MOST_OF_ONE = 500
COUNTED_FOR = timedelta(seconds=30)
COUNTED: dict[Shelf, tuple[datetime, Mapping[str, int]]] = {}  # what this process counted last, and when


@dataclass(frozen=True, slots=True)
class Piece:
    """An item as the desk prints it. `href` is empty where the link is none that a browser should follow. `by`: who wrote it.
    `pick`: the number of what was picked of it and is not on the site yet, or 0."""

    item: Item
    href: str
    ago: str
    language: str
    minutes: int | None
    by: str
    picked_by: str
    pick: int


@dataclass(frozen=True, slots=True)
class Picked:
    by: str
    pick: int


NOT_PICKED = Picked("", 0)


@dataclass(frozen=True, slots=True)
class Shown:
    """A story as the desk prints it. `more`: headlines that are left out. `place`: by what it stands in its order. `candidates`:
    its best pieces, of which `pick:` takes the first; none where there is but one. `pick`: as of a piece."""

    story: Story
    lead: Piece | None
    others: Sequence[Piece]
    more: int
    is_new: bool
    place: Below
    ago: str
    countries: Sequence[str]
    issues: Sequence[str]
    languages: Sequence[str]
    picked_by: Sequence[str]
    candidates: Sequence[Piece] = ()
    pick: int = 0
    aside: str = ""


@dataclass(frozen=True, slots=True)
class Choice:
    value: str
    label: str
    stories: int


@dataclass(frozen=True, slots=True)
class Choices:
    """What there is to narrow by, with how many stories of the desk."""

    regions: Sequence[Choice]
    countries: Sequence[Choice]
    issues: Sequence[Choice]
    languages: Sequence[Choice]


# Which


def on_desk(*, at: datetime) -> QuerySet[Story]:
    recent = Q(last_at__gte=at - KEPT) | Q(later_until__gte=at - BACK, later_until__lte=at)
    due = Q(later_until=None) | Q(later_until__lte=at)
    return Story.objects.filter(recent, due, merged_into=None, muted_at=None, dropped_at=None, items_count__gt=0)


def put_aside(*, at: datetime) -> QuerySet[Story]:
    """What was left for later stands there until its hour, however old it is."""
    taken_off = Q(muted_at__isnull=False) | Q(dropped_at__isnull=False)
    aside = Q(later_until__gt=at) | taken_off & Q(last_at__gte=at - KEPT)
    return Story.objects.filter(aside, merged_into=None, items_count__gt=0)


def asked_for(asked: Asked, reader: Reader, *, at: datetime) -> QuerySet[Story]:
    """Without an order, and from the first."""
    stories = put_aside(at=at) if asked.shelf is Shelf.ASIDE else on_desk(at=at)
    for name in asked.subjects:
        stories = stories.filter(Exists(About.objects.filter(story=OuterRef("pk"), name=name)))
    if asked.ours:
        stories = stories.filter(Exists(About.objects.filter(story=OuterRef("pk"), name__in=our_subjects())))
    if asked.unseen:
        stories = stories.exclude(Exists(_seen_by(reader)))
    if asked.words:
        telling = Item.objects.filter(*map(_says, asked.words.split()), sorted_at__gte=at - 2 * KEPT)
        stories = stories.filter(pk__in=set(telling.values_list("story_id", flat=True)))  # what takes long is asked once
    return stories


def _seen_by(reader: Reader) -> QuerySet[Seen]:
    return Seen.objects.filter(reader=reader, story=OuterRef("pk"), items__gte=OuterRef("items_count"))


def _says(word: str) -> Q:
    """SQLite knows of no capital letters beyond ASCII."""
    spelt = {word} if word.isascii() else {word, word.lower(), word.upper(), word.capitalize()}
    said = Q()
    for one in sorted(spelt):
        said |= Q(title__icontains=one) | Q(outlet__icontains=one)
    return said


def in_order(stories: QuerySet[Story], asked: Asked) -> QuerySet[Story]:
    """The next page of it."""
    below = asked.below
    if asked.sort is Sort.NEWEST:
        if below:
            moment = datetime.fromtimestamp(below.place, tz=UTC)
            stories = stories.filter(Q(last_at__lt=moment) | Q(last_at=moment, pk__lt=below.story))
        return stories.order_by("-last_at", "-pk")
    if below:
        stories = stories.filter(Q(heat__lt=below.place) | Q(heat=below.place, pk__lt=below.story))
    return stories.order_by("-heat", "-pk")


# What is said of each


def shown(
    stories: Sequence[Story], reader: Reader, asked: Asked, *, names: Mapping[str, str], at: datetime, whole: bool = False
) -> list[Shown]:
    """Each with its first pieces; `whole`: with all, the leading one among them. In as many queries for many as for one."""
    ids = [story.pk for story in stories]
    items, picked = _items(ids, most=MOST_OF_ONE if whole else HEADLINES), _picked(ids, reader)
    seen = dict(Seen.objects.filter(reader=reader, story__in=ids).values_list("story_id", "items"))
    aside = _aside(ids, reader, at=at) if asked.shelf is Shelf.ASIDE else {}
    return [
        _shown(
            story,
            [_piece(item, picked, at=at) for item in items[story.pk]],
            names,
            whole=whole,
            is_new=seen.get(story.pk, 0) < story.items_count,
            place=place_of(story, asked),
            aside=aside.get(story.pk, ""),
            at=at,
        )
        for story in stories
    ]


def place_of(story: Story, asked: Asked) -> Below:
    return Below(story.last_at.timestamp() if asked.sort is Sort.NEWEST else story.heat, story.pk)


def _shown(
    story: Story,
    pieces: Sequence[Piece],
    names: Mapping[str, str],
    *,
    whole: bool,
    is_new: bool,
    place: Below,
    aside: str,
    at: datetime,
) -> Shown:
    return Shown(
        story=story,
        lead=pieces[0] if pieces else None,
        others=pieces if whole else pieces[1:],
        more=story.items_count - len(pieces),
        is_new=is_new,
        place=place,
        ago=ago(story.last_at, at=at),
        countries=_named("country:", story.subjects, names),
        issues=_named("issue:", story.subjects, names),
        languages=[language_name(code) for code in story.languages],
        picked_by=sorted({piece.picked_by for piece in pieces if piece.picked_by}),
        candidates=sorted(pieces, key=lambda piece: -_merit_of(piece.item))[:CANDIDATES] if len(pieces) > 1 else (),
        pick=max((piece.pick for piece in pieces), default=0),
        aside=aside,
    )


def _named(axis: str, subjects: Iterable[str], names: Mapping[str, str]) -> list[str]:
    return [names[name] for name in subjects if name.startswith(axis) and name in names]


def _items(story_ids: Collection[int], *, most: int) -> dict[int, list[Item]]:
    """By story: the one that gave the headline, then the others, the best to read first. A story of the day may have hundreds;
    whole rows are read of those alone that are shown."""
    gave = Case(When(title=F("story__headline"), then=Value(0)), default=Value(1))
    order = Item.objects.filter(story__in=story_ids).order_by(gave, "-source__standing", "sorted_at", "pk")
    told: dict[int, list[tuple[float, int]]] = defaultdict(list)
    for story, item, *known in order.values_list("story_id", "pk", *KNOWN):
        told[story].append((-_merit(*known), item))
    first = {
        story: [item for _, item in (items[0], *sorted(items[1:], key=itemgetter(0)))][:most] for story, items in told.items()
    }
    rows = Item.objects.select_related("source").in_bulk([item for items in first.values() for item in items])
    return defaultdict(list, {story: [rows[item] for item in items if item in rows] for story, items in first.items()})


KNOWN = ("source__standing", "authors", "outlet", "words", "language", "paywalled")


def _merit(standing: int, authors: Sequence[str], outlet: str, words: int | None, language: str, paywalled: bool | None) -> float:
    signed = policy.is_signed(authors, outlet=outlet)
    return policy.merit(policy.Reading(standing, signed, words, foreign=not is_ours(language), paywalled=paywalled))


def _merit_of(item: Item) -> float:
    return _merit(item.source.standing, item.authors, item.outlet, item.words, item.language, item.paywalled)


def best_item(story_id: int) -> Item | None:
    """Which piece of it is picked where nobody says which."""
    return max(_items([story_id], most=2)[story_id], key=_merit_of, default=None)


def _piece(item: Item, picked: Mapping[int, Picked], *, at: datetime) -> Piece:
    pick = picked.get(item.pk, NOT_PICKED)
    return Piece(
        item=item,
        href=item.link if item.link.startswith(("https://", "http://")) else "",
        ago=ago(item.sorted_at, at=at),
        language=language_name(item.language),
        minutes=minutes(item.words) if item.words else None,
        by=", ".join(item.authors),
        picked_by=pick.by,
        pick=pick.pick,
    )


def _picked(story_ids: Collection[int], reader: Reader) -> dict[int, Picked]:
    """By item: "you", or the name of whoever picked it last."""
    picks = Pick.objects.filter(item__story__in=story_ids, taken_down_at=None).select_related("picked_by", "day").order_by("pk")
    return {pick.item_id or 0: Picked(_name(pick.picked_by, reader), 0 if pick.day.published_at else pick.pk) for pick in picks}


def _name(who: Reader | None, reader: Reader) -> str:
    if who is None:
        return "somebody"
    return "you" if who.pk == reader.pk else who.get_short_name()


def _aside(story_ids: Collection[int], reader: Reader, *, at: datetime) -> dict[int, str]:
    deeds = Deed.objects.filter(story__in=story_ids, kind__in=ASIDE, undone_at=None).select_related("by").order_by("change")
    return {deed.story_id or 0: f"{ASIDE_AS[deed.kind]} by {_name(deed.by, reader)} {ago(deed.at, at=at)} ago" for deed in deeds}


ASIDE_AS: Mapping[str, str] = {Deed.Kind.MUTE: "Muted", Deed.Kind.DROP: "Dropped", Deed.Kind.LATER: "Left for later"}


def ago(moment: datetime, *, at: datetime) -> str:
    passed = int((at - moment).total_seconds()) // 60
    if passed < 60:
        return f"{max(passed, 1)} min"
    return f"{passed // 60} h" if passed < 48 * 60 else f"{passed // (24 * 60)} days"


# What it can be narrowed to


def names_of_subjects() -> dict[str, str]:
    """Of all regions, countries and issues: "country:KE" is Kenya."""
    regions = Region.objects.annotate(axis=Value("region")).order_by().values_list("axis", "slug", "name")
    countries = Country.objects.annotate(axis=Value("country")).order_by().values_list("axis", "code", "name")
    issues = Issue.objects.annotate(axis=Value("issue")).order_by().values_list("axis", "slug", "name")
    return {f"{axis}:{key}": name for axis, key, name in regions.union(countries, issues, all=True)}


def choices(asked: Asked, *, names: Mapping[str, str], at: datetime) -> Choices:
    """Counted over the whole desk, so that one can go from one country to the next."""
    counts = _counts(asked.shelf, at=at)
    by_axis = {axis: _choices(axis, chosen, counts, names) for axis, chosen in _chosen(asked).items()}
    return Choices(by_axis["region"], by_axis["country"], by_axis["issue"], by_axis["language"])


def _counts(shelf: Shelf, *, at: datetime) -> Mapping[str, int]:
    """Of everything on the desk: it takes as long as all else on the page together, and may be half a minute old."""
    counted = COUNTED.get(shelf)
    if counted is None or not timedelta() <= at - counted[0] < COUNTED_FOR:
        of = put_aside(at=at) if shelf is Shelf.ASIDE else on_desk(at=at)
        rows = About.objects.filter(story__in=of.values("pk")).values_list("name").annotate(stories=Count("pk"))
        counted = COUNTED[shelf] = at, dict(rows.order_by())
    return counted[1]


def _chosen(asked: Asked) -> dict[str, str]:
    return {"region": asked.region, "country": asked.country, "issue": asked.issue, "language": asked.language}


def _choices(axis: str, chosen: str, counts: Mapping[str, int], names: Mapping[str, str]) -> list[Choice]:
    """By name. What is chosen is among them even if it has no story."""
    values = {name.partition(":")[2]: stories for name, stories in counts.items() if name.startswith(f"{axis}:")}
    if chosen:
        values.setdefault(chosen, 0)
    labels = {value: language_name(value) if axis == "language" else names.get(f"{axis}:{value}", value) for value in values}
    return [Choice(value, labels[value], values[value]) for value in sorted(values, key=lambda value: labels[value].casefold())]


@lru_cache(maxsize=500)
def language_name(code: str) -> str:
    """In English; what is no language that we know is called by its code."""
    plain = code.partition("-")[0].lower()
    return str(_ENGLISH.languages.get(plain, plain)) if plain.isascii() else plain


_ENGLISH = Locale("en")


# What has changed


@dataclass(frozen=True, slots=True)
class Since:
    """What became other since a change: stories that are shown now, numbers of those that are not, what others did."""

    change: int
    stories: Sequence[Story]
    gone: Sequence[int]
    said: Sequence[str]
    is_all: bool


AT_ONCE = 100


def since(change: int, newest: int, asked: Asked, reader: Reader, *, at: datetime) -> Since:
    """The oldest changes first; where there are too many for one answer it says up to which it goes. What was seen meanwhile
    is told too, so that it does not vanish from among the unseen while an editor is at it."""
    changed = list(Story.objects.filter(change__gt=change).order_by("change").values_list("pk", "change")[: AT_ONCE + 1])
    is_all = len(changed) <= AT_ONCE
    changed = changed[:AT_ONCE]
    upto = newest if is_all else changed[-1][1]
    ids = [pk for pk, _ in changed]
    here = list(asked_for(replace(asked, unseen=False), reader, at=at).filter(pk__in=ids).order_by("pk")) if ids else []
    there = {story.pk for story in here}
    deeds = Deed.objects.filter(change__gt=change, change__lte=upto).exclude(by=reader).select_related("by").order_by("change")
    said = [f"{_name(deed.by, reader)} {deed.said[:1].lower()}{deed.said[1:]}" for deed in deeds[:5]]
    return Since(upto, here, [pk for pk in ids if pk not in there], said, is_all)
