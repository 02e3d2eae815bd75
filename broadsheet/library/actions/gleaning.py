"""Glean what was pressed, in the order of the press's numbers: again after any stop, and with the same outcome."""

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import combinations

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from broadsheet.kit.counting import next_number, next_numbers
from broadsheet.library import policy
from broadsheet.library.gazetteer import shipped
from broadsheet.library.gleaning import Gleaned, TellingOf, glean, tags_of
from broadsheet.library.models import Gleaning, Linked, Named, Relation, Telling, ToldOf
from broadsheet.library.tellings import likeness
from broadsheet.library.themes import Themes, phrases_of
from broadsheet.newsroom.addresses import axis_path
from broadsheet.newsroom.galleys import galleys_of
from broadsheet.newsroom.models import Article, Country, Issue
from broadsheet.newsroom.typeset import house
from broadsheet.press.actions import stale
from broadsheet.press.models import Pressing
from broadsheet.press.queries import pressings_after

AT_ONCE = 100  # articles gleaned in one transaction
A_DAY = timedelta(days=1)
DAYS_AT_ONCE = 500  # asked for together
LONG_AGO = datetime.min.replace(tzinfo=UTC)
NAME = "@"  # in the words of a telling, before the actors that it names


def glean_new(*, at: datetime, most: int | None = None, progress: Callable[[int], None] | None = None) -> int:
    """Whatever was pressed since; how many articles."""
    done = 0
    while (most is None or done < most) and (pressings := pressings_after(since := cursor(), limit=AT_ONCE)):
        if _glean(pressings, since=since, at=at):
            done += len(pressings)
            if progress:
                progress(len(pressings))
    return done


@transaction.atomic
def forget_gleanings() -> None:
    """All is gleaned anew from here on, an article at a time: until its turn comes pages show what was known of it."""
    next_number("gleanings")
    Gleaning.objects.all().delete()
    Relation.objects.all().delete()
    pressed = Pressing.objects.order_by("pk").values_list(
        "article_id", "changed_at"
    )  # one taken back since is gleaned in its turn
    changed_at = dict(pressed.iterator())
    ids = list(changed_at)
    for begin in range(0, len(ids), AT_ONCE):
        _count({}, _relations_of(ids[begin : begin + AT_ONCE]), changed_at)


def cursor() -> int:
    return Gleaning.objects.aggregate(last=Max("change"))["last"] or 0


def _glean(pressings: Sequence[Pressing], *, since: int, at: datetime) -> bool:
    """Reading takes a few milliseconds an article and holds no transaction. False: others gleaned or forgot meanwhile."""
    gleaned = _read([pressing.article_id for pressing in pressings if pressing.withdrawn_at is None], at=at)
    with transaction.atomic():
        next_number("gleanings")  # one at a time
        if cursor() != since:
            return False
        ids = [pressing.article_id for pressing in pressings]
        keys, relations = _keys_shown_of(ids), _relations_of(ids)
        Named.objects.filter(article_id__in=ids).delete()
        Telling.objects.filter(article_id__in=ids).delete()
        Linked.objects.filter(article_id__in=ids).delete()
        _write({pk: gleaned[pk] for pk in ids if pk in gleaned})
        Gleaning.objects.bulk_create(
            [Gleaning(article_id=pressing.article_id, change=pressing.change) for pressing in pressings],
            update_conflicts=True,
            unique_fields=["article_id"],
            update_fields=["change"],
        )
        if _count(relations, _relations_of(ids), {pressing.article_id: pressing.changed_at for pressing in pressings}):
            keys.add(policy.RELATIONS)
        stale(keys | _keys_shown_of(ids), at=at)
    return True


def _read(article_ids: Collection[int], *, at: datetime) -> dict[int, Gleaned]:
    """Of each article as its row is now. No shelf: what stands beside an article is not its text."""
    galleys = galleys_of(list(Article.objects.filter(pk__in=article_ids).specific()), at=at, shelf={})
    codes = {axis_path("country", slug): code for slug, code in Country.objects.values_list("slug", "code")}
    themes = Themes({slug: phrases_of(*said) for slug, *said in Issue.objects.values_list("slug", "name", "also_called")})
    zone, site = timezone.get_default_timezone(), house().url
    return {galley.id: glean(galley, shipped(), themes, tags=tags_of(galley, codes), zone=zone, site=site) for galley in galleys}


def _keys_shown_of(article_ids: Collection[int]) -> set[str]:
    """What pages show of these articles, and of what they link to, as the rows stand."""
    actors: dict[object, set[str]] = defaultdict(set)
    links = list(Linked.objects.filter(article_id__in=article_ids).values_list("path", "to_article"))
    shown = {*article_ids, *(to for _, to in links)}
    for article_id, actor in Named.objects.filter(article_id__in=shown, about=True).values_list("article_id", "actor"):
        actors[article_id].add(actor)
    told = ToldOf.objects.filter(telling__article_id__in=article_ids, actor__startswith="country:")
    for telling, actor in told.values_list("telling_id", "actor"):
        actors["telling", telling].add(actor)
    keys = {policy.key_of(actor) for group in actors.values() for actor in group}
    keys |= {policy.key_of_links_to(path) for path, to in links if not to}
    return keys | {
        policy.key_of_both(one, other)
        for group in actors.values()
        for one, other in combinations(sorted(filter(policy.is_country, group)), 2)
    }


# Inside a transaction


def _write(gleaned: Mapping[int, Gleaned]) -> None:
    Named.objects.bulk_create(
        Named(
            article_id=article_id,
            actor=naming.actor,
            weight=naming.weight,
            free_weight=naming.free_weight,
            about=naming.about,
            freely=naming.freely,
            month=one.month,
        )
        for article_id, one in gleaned.items()
        for naming in one.namings
    )
    _write_links(gleaned)
    told = [(article_id, telling) for article_id, one in gleaned.items() for telling in one.tellings]
    known = _known_of(telling.on for _, telling in told)
    numbers = next_numbers("events", count=len(told))
    rows = [_row(article_id, telling, known, number) for (article_id, telling), number in zip(told, numbers, strict=True)]
    Telling.objects.bulk_create(rows)
    ToldOf.objects.bulk_create(
        ToldOf(telling=row, actor=actor) for row, (_, telling) in zip(rows, told, strict=True) for actor in sorted(telling.actors)
    )


Pair = tuple[str, str]


def _relations_of(article_ids: Collection[int]) -> dict[int, set[Pair]]:
    """By article every two countries that it is about, as far as strangers may know."""
    countries: dict[int, list[str]] = defaultdict(list)
    rows = Named.objects.filter(article_id__in=article_ids, freely=True, actor__startswith="country:").order_by("actor")
    for article_id, actor in rows.values_list("article_id", "actor"):
        countries[article_id].append(actor)
    return {article_id: set(combinations(actors, 2)) for article_id, actors in countries.items()}


def _count(before: Mapping[int, set[Pair]], after: Mapping[int, set[Pair]], changed_at: Mapping[int, datetime]) -> bool:
    """Whether there was anything to count."""
    more = Counter(pair for pairs in after.values() for pair in pairs)
    more.subtract(pair for pairs in before.values() for pair in pairs)
    known = Relation.objects.filter(one__in={one for one, _ in more}, other__in={other for _, other in more})
    rows = {(row.one, row.other): row for row in known}
    for pair, articles in more.items():
        row = rows.setdefault(pair, Relation(one=pair[0], other=pair[1], articles=0, changed_at=LONG_AGO))
        row.articles += articles
    for article_id, pairs in after.items():
        for pair in pairs:
            rows[pair].changed_at = max(rows[pair].changed_at, changed_at[article_id])
    counted = [rows[pair] for pair in more]
    Relation.objects.filter(pk__in=[row.pk for row in counted if row.pk and not row.articles]).delete()
    Relation.objects.bulk_create(
        [row for row in counted if row.articles],
        update_conflicts=True,
        unique_fields=["one", "other"],
        update_fields=["articles", "changed_at"],
    )
    return bool(counted)


def _write_links(gleaned: Mapping[int, Gleaned]) -> None:
    """What linked here before the article stood on the site is told now which it is."""
    standing = Pressing.objects.filter(withdrawn_at__isnull=True)
    here = dict(standing.filter(article_id__in=gleaned).values_list("path", "article_id"))
    for waiting in Linked.objects.filter(path__in=here, to_article=0):
        Linked.objects.filter(pk=waiting.pk).update(to_article=here[waiting.path])
    paths = {path for one in gleaned.values() for path in one.links}
    articles = dict(standing.filter(path__in=paths).values_list("path", "article_id"))
    Linked.objects.bulk_create(
        Linked(article_id=pk, path=path, to_article=articles.get(path, 0), free=free, on=one.on)
        for pk, one in gleaned.items()
        for path, free in one.links.items()
        if articles.get(path) != pk
    )


def _row(article_id: int, telling: TellingOf, known: dict[date, list["_Known"]], number: int) -> Telling:
    """`known` gets to know it. Of nobody else's event, it begins one of this number."""
    near = [one for day in (telling.on - A_DAY, telling.on, telling.on + A_DAY) for one in known[day]]
    event, free_event = _likest(article_id, telling, near).event or number, 0
    if telling.free:
        free_event = _likest(article_id, telling, [one for one in near if one.free_event]).free_event or number
    known[telling.on].append(_Known(article_id, telling.words, telling.actors, event, free_event))
    return Telling(
        article_id=article_id,
        on=telling.on,
        sentence=telling.sentence,
        words=" ".join([*sorted(telling.words), *(f"{NAME}{actor}" for actor in sorted(telling.actors))]),
        later=telling.later,
        weight=telling.weight,
        event=event,
        free_event=free_event,
    )


@dataclass(frozen=True, slots=True)
class _Known:
    article: int
    words: frozenset[str]
    actors: frozenset[str]
    event: int
    free_event: int


NOBODYS = _Known(0, frozenset(), frozenset(), 0, 0)


def _likest(article_id: int, telling: TellingOf, near: Iterable[_Known]) -> _Known:
    """The telling of another article that is likest to this one."""
    likest, found = 0.0, NOBODYS
    for one in near:
        if one.article != article_id and one.actors & telling.actors and (like := likeness(one.words, telling.words)) > likest:
            likest, found = like, one
    return found


def _known_of(days: Iterable[date]) -> dict[date, list[_Known]]:
    known: dict[date, list[_Known]] = defaultdict(list)
    around = sorted({day + shift for day in days for shift in (-A_DAY, timedelta(), A_DAY)})
    fields = ("on", "article_id", "words", "event", "free_event")
    for begin in range(0, len(around), DAYS_AT_ONCE):
        rows = Telling.objects.filter(on__in=around[begin : begin + DAYS_AT_ONCE]).values_list(*fields)
        for on, article, words, event, free_event in rows:
            said, _, names = words.partition(NAME)
            actors = frozenset(names.split(f" {NAME}")) if names else frozenset()
            known[on].append(_Known(article, frozenset(said.split()), actors, event, free_event))
    return known
