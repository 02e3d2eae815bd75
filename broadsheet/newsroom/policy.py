"""Rules of the newsroom: where the wall falls, what may be printed, what an article goes well with. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

# A first paragraph longer than this many times the house rule is not given away: then the standfirst alone is free.
MOST_TIMES = 4
MOST_MAPPED = 4  # a map of five countries shows the globe

FIRST_PAUSE, LONGEST_PAUSE = timedelta(seconds=20), timedelta(hours=1)


def where_to_cut(paragraph_words: Sequence[int], *, least: int) -> int:
    """How many paragraphs stand before the wall: those that reach `least` words, and never all of them.

    Where the one that reaches it goes far beyond, the one before it is the last, if that gives half as much.
    """
    if len(paragraph_words) < 2 or paragraph_words[0] > least * MOST_TIMES:
        return 0
    before = 0
    for number, length in enumerate(paragraph_words[:-1], start=1):
        words = before + length
        if words >= least:
            return number - 1 if before * 2 >= least and words - least > least - before else number
        before = words
    return len(paragraph_words) - 1


def is_printable(*, live: bool, embargoed_until: datetime | None, withdrawn_at: datetime | None, at: datetime) -> bool:
    """Whether readers may have the page at all, in any cut."""
    return live and withdrawn_at is None and (embargoed_until is None or embargoed_until <= at)


def pause_after(failures: int) -> timedelta:
    """Before what failed so often is tried again: each time twice as long."""
    return min(FIRST_PAUSE * 2 ** min(failures - 1, 10), LONGEST_PAUSE)


def mapped(countries: Sequence[int]) -> Sequence[int]:
    """Of an article's countries, the main one first, those that its map shows: all of a few, else the main one."""
    return countries if len(countries) <= MOST_MAPPED else countries[:1]


@dataclass(frozen=True, slots=True)
class Neighbour:
    """An article near another: `weight` says how much they share, `alike` how much they say the same (0: unknown)."""

    id: int
    dated_at: datetime
    weight: int
    alike: float = 0.0


ALIKE_WEIGHS = 0.5  # of what makes two near, where it is known what they say; the rest is what they share


def nearest(neighbours: Iterable[Neighbour], *, most: int) -> list[int]:
    """Those that share most and say the like, then the newest."""
    found = list(neighbours)
    heaviest = max((near.weight for near in found), default=0) or 1
    likest = max((near.alike for near in found), default=0.0) or 1.0

    def nearness(near: Neighbour) -> tuple[float, datetime, int]:
        return (1 - ALIKE_WEIGHS) * near.weight / heaviest + ALIKE_WEIGHS * near.alike / likest, near.dated_at, near.id

    return [near.id for near in sorted(found, key=nearness, reverse=True)[:most]]


@dataclass(frozen=True, slots=True)
class Manuscript:
    """What the checks look at before an article is published."""

    standfirst: str
    countries: int
    regions: int
    bylines: int
    free_words: int
    rest_words: int
    gated: bool
    wall_at_the_end: bool
    pictures_without_alt: int
    longest_paragraph: int
    embargoed_until: datetime | None
    withdrawn_at: datetime | None
    dead_links: tuple[str, ...] = ()  # paths of our own at which nothing stands


LONG_PARAGRAPH = 250


def warnings(script: Manuscript, *, at: datetime) -> list[str]:
    """What an editor should look at again; nothing here keeps an article from being published."""
    embargoed = script.embargoed_until is not None and script.embargoed_until > at
    checks = [
        (not script.standfirst.strip(), "There is no standfirst: lists, feeds and the free part have only the headline."),
        (not script.bylines, "Nobody is named as its author."),
        (
            not script.countries and not script.regions,
            "No country and no region: it stands on no regional page and in no regional feed.",
        ),
        (script.pictures_without_alt > 0, "A picture has no text for those who cannot see it."),
        (
            script.wall_at_the_end,
            "The wall stands after the last paragraph, where nothing is left to read: it falls by the rule instead.",
        ),
        (script.gated and not script.rest_words, "Nothing is left beyond the wall: write more, or make the article open."),
        (script.gated and not script.free_words, "Before the wall stands only the standfirst."),
        (script.longest_paragraph > LONG_PARAGRAPH, f"A paragraph has {script.longest_paragraph} words."),
        (bool(script.dead_links), f"Nothing stands on our site at {', '.join(script.dead_links)}: a link leads there."),
        (embargoed, "Embargoed: publishing now prints nothing before that moment."),
        (
            script.withdrawn_at is not None,
            "Taken back: readers are told that it is gone, whatever you publish, until you put it back.",
        ),
    ]
    return [sentence for holds, sentence in checks if holds]
