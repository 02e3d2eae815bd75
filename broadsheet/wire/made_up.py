"""The roundup that a day's picks make: what its article says, as values, whether or not it has been published."""

import json
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from html import escape
from typing import Any

from broadsheet.newsroom.models import Byline, Contributor, Country, Issue, Roundup
from broadsheet.wire.models import DayOfLinks, Pick, Refusal, Rival, WireRules
from broadsheet.wire.reading.links import link_key
from broadsheet.wire.refusals import is_refused

NAMED = 3  # outlets in the standfirst
UNSAID_OF_RIVALS = {"author": "", "published_on": None}  # by articles that were published before it was asked of them
NUMBERS = ("No", "One", "Two", "Three", "Four", "Five", "Six", "Seven", "Eight", "Nine", "Ten", "Eleven", "Twelve")


@dataclass(frozen=True, slots=True)
class MadeUp:
    """`body`, `links`: raw blocks without numbers. `countries`: of most picks first."""

    title: str
    standfirst: str
    body: list[dict[str, Any]]
    links: list[dict[str, Any]]
    countries: Sequence[int]
    issues: Sequence[int]

    def stands_in(self, article: Roundup) -> bool:
        """Whether publishing it again would change nothing."""
        return (
            self.title == article.title
            and self.standfirst == article.standfirst
            and self.body == bare(article.body.raw_data)
            and self.links == bare(article.links.raw_data)
            and set(self.countries) == set(article.countries.values_list("pk", flat=True))
            and set(self.issues) == set(article.issues.values_list("pk", flat=True))
        )

    def put_into(self, article: Roundup) -> Roundup:
        """In memory. What an editor wrote beside it on the article's own form stays."""
        article.title, article.standfirst = self.title, self.standfirst
        article.body, article.links = json.dumps(self.body), json.dumps(self.links)
        article.countries = Country.objects.filter(pk__in=self.countries)
        article.issues = Issue.objects.filter(pk__in=self.issues)
        article.main_country = Country.objects.filter(pk__in=self.countries[:1]).first()
        return article


def make_up(day: DayOfLinks) -> MadeUp:
    refused = _refused()
    picks = _printable(day, refused)
    countries = Counter(country.pk for pick in picks for country in pick.countries.all())
    issues = Counter(issue.pk for pick in picks for issue in pick.issues.all())
    links = [{"type": "link", "value": _link(pick, refused)} for pick in picks]
    return MadeUp(
        title=title_of(day),
        standfirst=day.standfirst or standfirst_of(links),
        body=[{"type": "paragraph", "value": f"<p>{escape(text)}</p>"} for text in _paragraphs(day.introduction)],
        links=links,
        countries=[pk for pk, _ in countries.most_common()],
        issues=[pk for pk, _ in issues.most_common()],
    )


def picks_of(day: DayOfLinks) -> list[Pick]:
    """That are to be printed, in order; none of a day that nobody has begun."""
    return _printable(day, _refused())


def _printable(day: DayOfLinks, refused: Collection[str]) -> list[Pick]:
    """However it came back to the picks: what is refused is not printed."""
    if day.pk is None:
        return []
    picks = day.picks.filter(taken_down_at=None).prefetch_related("countries", "issues", "rivals")
    return [pick for pick in picks.order_by("sort_order", "pk") if not is_refused(link_key(pick.url), refused)]


def _refused() -> set[str]:
    return set(Refusal.objects.values_list("key", flat=True))


def title_of(day: DayOfLinks) -> str:
    return day.title or f"Daily Links, {day.day.day} {day.day:%B}"


def slug_of(day: DayOfLinks) -> str:
    return f"daily-links-{day.day:%Y-%m-%d}"


def draft_of(day: DayOfLinks, *, at: datetime) -> Roundup:
    """An article that is nowhere yet. By rule whom it is for; by whom: those of its pickers who write for us under their name."""
    names = {
        reader.get_full_name() for pick in picks_of(day) if (reader := pick.picked_by) is not None and reader.get_full_name()
    }
    writers = Contributor.objects.filter(name__in=names)
    article = Roundup(slug=slug_of(day), live=False, dated_at=at, audience=WireRules.load().audience)
    article.bylines = [Byline(contributor=writer, sort_order=order) for order, writer in enumerate(writers)]
    return make_up(day).put_into(article)


def standfirst_of(links: Sequence[Mapping[str, Any]]) -> str:
    """It stands before the wall, so it names outlets and no headline."""
    if not links:
        return ""
    outlets = list(dict.fromkeys(link["value"]["outlet"] for link in links))
    count = NUMBERS[len(links)] if len(links) < len(NUMBERS) else str(len(links))
    pieces = "piece" if len(links) == 1 else "pieces"
    if len(outlets) > NAMED:
        return f"{count} {pieces} worth your time, from {', '.join(outlets[: NAMED - 1])} and {len(outlets) - NAMED + 1} others."
    return f"{count} {pieces} worth your time, from {_listed(outlets)}."


def _listed(names: Sequence[str]) -> str:
    return f"{', '.join(names[:-1])} and {names[-1]}" if len(names) > 1 else "".join(names)


def _paragraphs(text: str) -> list[str]:
    """An empty line ends one."""
    return [" ".join(part.split()) for part in text.replace("\r\n", "\n").split("\n\n") if part.strip()]


def _link(pick: Pick, refused: Collection[str]) -> dict[str, Any]:
    rivals = [_credit(rival) for rival in pick.rivals.all() if not is_refused(link_key(rival.url), refused)]
    return {**_credit(pick), "minutes": pick.minutes, "note": pick.note, "rivals": rivals}


def _credit(piece: Pick | Rival) -> dict[str, Any]:
    return {
        "headline": piece.headline,
        "url": piece.url,
        "outlet": piece.outlet,
        "author": piece.author,
        "published_on": piece.published_on.isoformat() if piece.published_on else None,
        "language": piece.language,
        "paywalled": piece.paywalled,
    }


def bare(stream: Any) -> list[dict[str, Any]]:
    """Without the numbers that Wagtail gives to blocks, and to values of a list."""
    return [{"type": block["type"], "value": _bare_value(block["type"], block["value"])} for block in stream]


def _bare_value(kind: str, value: Any) -> Any:
    if kind != "link":
        return value
    rivals = [rival.get("value", rival) for rival in value.get("rivals") or []]
    return {**value, "rivals": [{**UNSAID_OF_RIVALS, **rival} for rival in rivals]}
