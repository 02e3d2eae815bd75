"""Which pages a change of an article touches, and how lists are cut into pages. Pure.

A page shows keys; a change touches keys; what shows a touched key is printed again. The keys of a list `regions/africa`:

    list:regions/africa           the whole list, whatever part of it
    list:regions/africa:head      its newest articles
    list:regions/africa:p12       its twelfth page, counted from the oldest
    list:regions/africa:2026-03   one month
    list:regions/africa:months    which months have articles: a month links to its neighbours
    list:regions/africa:archive   how many articles each month has
    list:regions/africa:feed      its newest, in three formats

Beside these: `article:7` wherever its teaser stands, `cut:7` wherever its free part does, `front`, `index:regions`, `sitemap`,
`sitemap:2026-03`, `news`; and those of the newsroom (`country:12`, `contributor:3` …), which galleys carry.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, tzinfo
from hashlib import blake2b

from broadsheet.access.terms import Audience, Reason
from broadsheet.newsroom.addresses import AXIS_FOLDERS
from broadsheet.newsroom.galley import Galley

LATEST = "latest"
FEED_LENGTH = 20
MOST_PAGES_NAMED = 60  # a change that shifts more pages than this touches the whole list


@dataclass(frozen=True, slots=True)
class Stand:
    """What other pages show of a pressed article: where it is listed, when, and what its teaser and its free part say."""

    lists: frozenset[str]
    dated_at: datetime
    month: str
    teaser: str
    cut: str


@dataclass(frozen=True, slots=True)
class Move:
    """What happens to one list when an article enters, leaves or is dated anew; positions count from the oldest, 0.

    From `first` to `last` each position shows another article than before; `newest` is the highest that the article itself
    has or had. `months`: a month has got its first article, or lost its last.
    """

    list: str
    first: int
    last: int
    newest: int
    before: int  # articles on the list
    after: int
    months: bool = False


def stand_of(galley: Galley, *, zone: tzinfo) -> Stand:
    return Stand(
        lists=lists_of(galley),
        dated_at=galley.dated_at,
        month=month_of(galley.dated_at, zone=zone),
        teaser=_digest(
            *(galley.path, galley.kind, galley.label, galley.headline, galley.standfirst, galley.dated_at, galley.audience),
            *(galley.minutes, [person.name for person in galley.bylines], [link.text for link in galley.countries]),
            *(galley.section, galley.picture, galley.located),
        ),
        cut=_digest(galley.free, galley.standfirst, galley.audience, galley.picture),
    )


def lists_of(galley: Galley) -> frozenset[str]:
    """An edition repeats what is listed already, so it stands among its like only."""
    links = [galley.section, galley.series, *galley.countries, *galley.regions, *galley.issues, *galley.bylines]
    own = {galley.path.split("/")[1]}
    latest = set() if galley.kind == "edition" else {LATEST}
    return frozenset(own | latest | {link.path.strip("/") for link in links if link and link.path})


def month_of(moment: datetime, *, zone: tzinfo) -> str:
    return f"{moment.astimezone(zone):%Y-%m}"


def _digest(*values: object) -> str:
    return blake2b(repr(values).encode(), digest_size=16).hexdigest()


def walls_at_once(audience: Audience) -> tuple[Reason, ...]:
    """The previews that strangers meet are printed with the article; the others when somebody first meets them."""
    match audience:
        case Audience.OPEN:
            return ()
        case Audience.MEMBERS:
            return (Reason.SUBSCRIBE,)
        case Audience.METERED | Audience.REGISTERED:
            return (Reason.REGISTER,)


# Pages of a list


def pages_in(total: int, *, length: int) -> int:
    return -(-total // length)


def page_at(position: int, *, length: int) -> int:
    return position // length + 1


def head_begins(total: int, *, length: int) -> int:
    """The position from which the head shows everything: the newest page, and the one before while that is not yet full.

    So the head never repeats what the page that it leads down to shows, and has one to two pages' length.
    """
    return max(0, total // length - 1) * length


# What a change touches


def move_of(list_name: str, *, was: int | None, now: int | None, others: int, months: bool) -> Move:
    """`was` and `now` are how many of the list's `others` are older than the article, before and after; None: not listed."""
    spots = [spot for spot in (was, now) if spot is not None]
    before, after = others + (was is not None), others + (now is not None)
    last = max(spots) if before == after else max(before, after) - 1
    return Move(list=list_name, first=min(spots), last=last, newest=max(spots), before=before, after=after, months=months)


def touched(
    article_id: int, *, before: Stand | None, after: Stand | None, moves: Iterable[Move] = (), length: int
) -> frozenset[str]:
    """The keys that show something else when an article that stood as `before` stands as `after`; None: it doesn't."""
    keys = _keys_of_article(article_id, before, after)
    moved = list(moves)
    if moved:
        keys |= {"front", "news"}
    for move in moved:
        keys |= _keys_of_move(move, months={stand.month for stand in (before, after) if stand}, length=length)
    return frozenset(keys)


def _keys_of_move(move: Move, *, months: set[str], length: int) -> set[str]:
    base = f"list:{move.list}"
    keys = {f"{base}:head", f"{base}:archive", *index_keys([move.list]), *(f"{base}:{month}" for month in months)}
    if move.months:
        keys.add(f"{base}:months")
    if move.newest >= max(move.before, move.after) - FEED_LENGTH:
        keys.add(f"{base}:feed")
    pages = range(page_at(move.first, length=length), page_at(move.last, length=length) + 1)
    if len(pages) > MOST_PAGES_NAMED:
        return keys | {base}
    return keys | {f"{base}:p{page}" for page in [*pages, *_pages_led_from_head(move, length=length)]}


def _pages_led_from_head(move: Move, *, length: int) -> list[int]:
    """The page below the head links up to it: when the head begins elsewhere, two pages get another link."""
    below = {head_begins(total, length=length) // length for total in (move.before, move.after)}
    return [page for page in below if page > 0] if len(below) > 1 else []


def touched_by_many(stands: Mapping[int, tuple[Stand | None, Stand | None]]) -> frozenset[str]:
    """As `touched`, by article its stand before and after; in the gross, whole lists, since so many articles move at once."""
    keys: set[str] = set()
    for article_id, (before, after) in stands.items():
        keys |= _keys_of_article(article_id, before, after)
        if before is None or after is None or (before.lists, before.dated_at) != (after.lists, after.dated_at):
            lists = {name for stand in (before, after) if stand for name in stand.lists}
            keys |= {"front", "news", *(f"list:{name}" for name in lists), *index_keys(lists)}
    return frozenset(keys)


def _keys_of_article(article_id: int, before: Stand | None, after: Stand | None) -> set[str]:
    """What shows the article itself, or would if it stood on the site: a link to it appears with it."""
    keys = {"sitemap", *(f"sitemap:{stand.month}" for stand in (before, after) if stand)}
    if before is None or after is None or before.teaser != after.teaser:
        keys |= {f"article:{article_id}", "news"}
    if before is None or after is None or before.cut != after.cut:
        keys.add(f"cut:{article_id}")
    return keys


def index_keys(lists: Iterable[str]) -> set[str]:
    """The indexes that count these lists: `regions/africa` stands on that of regions."""
    return {f"index:{name.partition('/')[0]}" for name in lists if "/" in name}


def indexes_naming(keys: Iterable[str]) -> set[str]:
    """The index of an axis names all its values: `country:7` stands on that of countries."""
    return {f"index:{AXIS_FOLDERS[axis]}" for key in keys if (axis := key.partition(":")[0]) in AXIS_FOLDERS}
