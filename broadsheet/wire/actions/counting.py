"""Count a story anew from its items: whatever is kept of it beside an editor's choices can be had again so."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet

from broadsheet.kit.counting import next_numbers
from broadsheet.wire import policy
from broadsheet.wire.models import About, Item, Story, WireRules

MOST_SUBJECTS = 12
COUNTED = (
    *("headline", "begun_at", "last_at", "items_count", "outlets_count", "standing"),
    *("languages", "subjects", "heat", "change", "dropped_at"),
)


@dataclass(frozen=True, slots=True)
class Row:
    """What is counted of an item."""

    story: int
    title: str
    language: str
    subjects: Sequence[str]
    sorted_at: datetime
    source: str
    standing: int


def recount(story: Story, at: datetime) -> None:
    recount_all([story], at)


@transaction.atomic
def recount_all(stories: Iterable[Story], at: datetime) -> None:
    """The same of many in as many queries as of one. Each gets the next change, so a desk will show it; a story without items
    keeps its headline and moments. One that was dropped comes back if it has become another meanwhile. What was written since
    a story was read stands; one that is gone is left out."""
    stories = _as_they_are_now({story.pk: story for story in stories})
    rows, ours = _rows([story.pk for story in stories]), our_subjects()
    for story in stories:
        _count(story, rows[story.pk], ours=ours, at=at)
    _write_down_subjects(stories)
    renumber(stories)
    _save(stories, COUNTED)


@transaction.atomic
def settle(stories: Iterable[Story], at: datetime) -> None:
    """These have lost items: what is left is counted, and of which nothing is left goes with what was done to it."""
    stories = list(stories)
    list(held([story.pk for story in stories]))
    empty = Story.objects.filter(pk__in=[story.pk for story in stories], items=None)
    gone = set(empty.values_list("pk", flat=True))
    recount_all([story for story in stories if story.pk not in gone], at)
    empty.delete()


def held(story_ids: Collection[int]) -> QuerySet[Story]:
    """Nobody else's until the transaction ends. All who hold several things take picks' days first, then picks, stories in
    the order of their numbers, deeds, and the counter last: so two wait for each other, and never both."""
    return Story.objects.select_for_update().filter(pk__in=story_ids).order_by("pk")


def _as_they_are_now(known: Mapping[int, Story]) -> list[Story]:
    """The same objects, in the order of their numbers, held and with what is written there by now."""
    stories = []
    for now in held(known):
        story = known[now.pk]
        for name in (*COUNTED, "dropped_with"):
            setattr(story, name, getattr(now, name))
        stories.append(story)
    return stories


def renumber(stories: Sequence[Story]) -> None:
    """Gives each the next change, unsaved."""
    for story, change in zip(stories, next_numbers("wire", count=len(stories)), strict=True):
        story.change = change


@transaction.atomic
def touch(story_ids: Collection[int]) -> None:
    """Something that desks show beside these stories has changed."""
    stories = list(held(story_ids))
    renumber(stories)
    _save(stories, ["change"])


def _save(stories: Sequence[Story], fields: Sequence[str]) -> None:
    """All of them are there and held. As inserts that meet their rows, which takes a tenth of what an update of many does."""
    Story.objects.bulk_create(stories, update_conflicts=True, unique_fields=["pk"], update_fields=fields, batch_size=200)


def our_subjects() -> frozenset[str]:
    rules = WireRules.load()
    countries = (f"country:{code}" for code in rules.our_countries.values_list("code", flat=True))
    return frozenset((*countries, *(f"issue:{slug}" for slug in rules.our_issues.values_list("slug", flat=True))))


def _rows(story_ids: Collection[int]) -> dict[int, list[Row]]:
    """By story, in the order in which they were published."""
    names = ("story_id", "title", "language", "subjects", "sorted_at", "source__name", "source__standing")
    found: dict[int, list[Row]] = defaultdict(list)
    for values in Item.objects.filter(story__in=story_ids).order_by("sorted_at", "pk").values_list(*names):
        row = Row(*values)
        found[row.story].append(row)
    return found


def _count(story: Story, rows: list[Row], *, ours: frozenset[str], at: datetime) -> None:
    told = _told(rows, at)
    story.items_count, story.outlets_count = len(rows), len({_outlet(row) for row in rows})
    story.standing = sum(one.standing for one in told)
    story.languages = _by_frequency(row.language.partition("-")[0].lower() for row in rows if row.language)
    story.subjects = _by_frequency(subject for row in rows for subject in row.subjects)[:MOST_SUBJECTS]
    story.heat = policy.heat(told, ours=len(ours.intersection(story.subjects)))
    if rows:
        story.headline = _leading(rows).title
        story.begun_at, story.last_at = min(rows[0].sorted_at, at), min(rows[-1].sorted_at, at)
    if story.dropped_at and policy.comes_back(outlets=story.outlets_count, dropped_with=story.dropped_with):
        story.dropped_at = None


def _outlet(row: Row) -> str:
    """Several feeds of one outlet are one outlet; and so is one feed, whatever outlets it says that it gathers from."""
    return row.source.casefold()


def _told(rows: Iterable[Row], at: datetime) -> list[policy.Told]:
    by_outlet: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        by_outlet[_outlet(row)].append(row)
    return [
        policy.Told(max(one.standing for one in own), min(own[0].sorted_at, at), min(own[-1].sorted_at, at))
        for own in by_outlet.values()
    ]


def _leading(rows: Sequence[Row]) -> Row:
    """Of the highest standing, in our language where somebody tells it so, the earliest."""
    ours = settings.LANGUAGE_CODE.partition("-")[0]
    readable = [row for row in rows if row.language.partition("-")[0].lower() in (ours, "")]
    return max(readable or rows, key=lambda row: row.standing)  # of several the first, and they are in order


def _by_frequency(words: Iterable[str]) -> list[str]:
    return [word for word, _ in Counter(words).most_common()]


def _write_down_subjects(stories: Sequence[Story]) -> None:
    """What the desk filters by. Only what differs is written."""
    wanted = {(story.pk, name) for story in stories for name in subjects_and_languages(story)}
    there = {
        (story, name): pk
        for pk, story, name in About.objects.filter(story__in=[story.pk for story in stories]).values_list(
            "pk", "story_id", "name"
        )
    }
    if gone := [pk for key, pk in there.items() if key not in wanted]:
        About.objects.filter(pk__in=gone).delete()
    About.objects.bulk_create(
        (About(story_id=story, name=name) for story, name in sorted(wanted - there.keys())), ignore_conflicts=True
    )


def subjects_and_languages(story: Story) -> list[str]:
    return [*story.subjects, *(f"language:{language}" for language in story.languages)]
