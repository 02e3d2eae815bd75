"""The front page: what the editor put into its slots, and by rule what stands where a slot is empty."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from django.db.models import Q
from django.utils.timezone import localtime

from broadsheet.design.maps import locator
from broadsheet.newsroom.addresses import INDEX_SLUGS, axis_path
from broadsheet.newsroom.galley import Teaser
from broadsheet.newsroom.models import FrontPage, NewsroomRules, Region, Series
from broadsheet.newsroom.teasers import teasers_of
from broadsheet.newsroom.typeset import house
from broadsheet.press import kinds, pages, queries
from broadsheet.press.kinds import Sheet
from broadsheet.press.policy import LATEST
from broadsheet.press.sheets import Front, Strip

LOOKED_AT = 60  # of the newest articles, for slots that are empty
TODAY, COLUMNS, INTERVIEWS, LATEST_SHOWN, ON_STRIP, SERIES_SHOWN = 5, 4, 3, 8, 3, 3
BRIEF = {"note", "roundup", "podcast", "edition"}  # never filled into the lead or today's articles by rule


class _Layout:
    """Gives each article away once, in the order in which places are filled."""

    def __init__(self, teasers: Mapping[int, Teaser], newest: Sequence[int]) -> None:
        self._teasers = teasers
        self._newest = newest
        self._given: set[int] = set()

    def chosen(self, article_ids: Iterable[int | None]) -> tuple[Teaser, ...]:
        ids = [pk for pk in dict.fromkeys(article_ids) if pk in self._teasers and pk not in self._given]
        self._given.update(pk for pk in ids if pk)
        return tuple(self._teasers[pk] for pk in ids if pk)

    def newest(self, count: int, fits: Callable[[Teaser], bool]) -> tuple[Teaser, ...]:
        fitting = [pk for pk in self._newest if pk in self._teasers and pk not in self._given and fits(self._teasers[pk])]
        return self.chosen(fitting[:count])


def compose_front(path: str, match: re.Match[str], at: datetime) -> Sheet:
    return sheet_of(FrontPage.objects.first(), at=at)


def sheet_of(desk: FrontPage | None, *, at: datetime) -> Sheet:
    """`desk`: the front page with its slots, as published or as a draft."""
    chosen, until = _slots(desk, at)
    newest = list(
        dict.fromkeys(
            [
                *queries.newest_on(LATEST, count=LOOKED_AT),
                *(pk for kind in ("column", "interview", "report") for pk in queries.newest_on(INDEX_SLUGS[kind], count=COLUMNS)),
            ]
        )
    )
    wanted = [pk for pk in (desk and desk.lead_id, desk and desk.report_of_the_week_id, *chosen) if pk]
    teasers = teasers_of(queries.standing([*newest, *wanted]))
    front = _lay_out(desk, chosen, _Layout(teasers, newest))
    strips = [*front.regions, *front.series]
    shown = [front.lead, *front.today, front.report, *front.columns, *front.interviews, *front.latest]
    keys = {"front", *pages.article_keys(teaser for teaser in shown if teaser)}
    keys |= pages.article_keys(teaser for strip in strips for teaser in strip.teasers)
    # An article in a slot that does not stand on the site yet appears as soon as it does.
    keys |= {f"article:{pk}" for pk in wanted}
    page = pages.page_meta(title=front.title, path="/", kind="front", feeds=front.feeds, told=_structured())
    return pages.sheet("pages/front.html", page, {"front": front}, keys, until=until)


def _slots(desk: FrontPage | None, at: datetime) -> tuple[list[int], datetime | None]:
    """The articles in today's slots, and when the first of these slots ends."""
    if desk is None:
        return [], None
    slots = list(desk.slots.filter(Q(until=None) | Q(until__gt=at)).order_by("sort_order"))
    return [slot.article_id for slot in slots], min((slot.until for slot in slots if slot.until), default=None)


def _lay_out(desk: FrontPage | None, slots: Sequence[int], layout: _Layout) -> Front:
    long = lambda teaser: teaser.kind not in BRIEF  # noqa: E731
    lead = layout.chosen([desk.lead_id if desk else None]) or layout.newest(1, long)
    report = layout.chosen([desk.report_of_the_week_id if desk else None]) or layout.newest(1, lambda it: it.kind == "report")
    today = layout.chosen(slots)
    today += layout.newest(max(0, TODAY - len(today)), long)
    days = sorted({localtime(teaser.dated_at, house().zone).date() for teaser in today}, reverse=True)
    return Front(
        title=house().name,
        feeds=pages.feeds_of("/"),
        lead=_with_map(lead[0]) if lead else None,
        today=today,
        newest_on=days[0] if days else None,
        one_day=len(days) == 1,
        report=_with_map(report[0]) if report else None,
        columns=layout.newest(COLUMNS, lambda it: it.kind == "column"),
        interviews=layout.newest(INTERVIEWS, lambda it: it.kind == "interview"),
        latest=layout.newest(LATEST_SHOWN, lambda it: True),
        regions=_strips([(region.name, axis_path("region", region.slug), region.standfirst) for region in Region.objects.all()]),
        series=_newest_series(),
        links_html=kinds.slot("front", "links", "/"),
        newsletters_html=kinds.slot("front", "newsletters", "/"),
    )


def _with_map(teaser: Teaser) -> Teaser:
    """What stands large shows where it lies, unless it has a photograph."""
    if teaser.picture:
        return teaser
    return replace(teaser, map_svg=locator(teaser.codes, viewpoint=NewsroomRules.load().map_viewpoint))


def _newest_series() -> tuple[Strip, ...]:
    series = [(row.name, axis_path("series", row.slug), row.standfirst) for row in Series.objects.all()]
    strips = _strips(series)
    return tuple(sorted(strips, key=lambda strip: strip.teasers[0].dated_at, reverse=True)[:SERIES_SHOWN])


def _strips(named: Sequence[tuple[str, str, str]]) -> tuple[Strip, ...]:
    """Without roundups: one is about as many countries as its links are, and would head the box of every region."""
    roundups = INDEX_SLUGS["roundup"]
    newest = {path: queries.newest_on(path.strip("/"), count=ON_STRIP, unless_on=roundups) for _, path, _ in named}
    teasers = teasers_of(pk for ids in newest.values() for pk in ids)
    strips = (Strip(name, path, tuple(teasers[pk] for pk in newest[path] if pk in teasers), line) for name, path, line in named)
    return tuple(strip for strip in strips if strip.teasers)


def _structured() -> dict[str, object]:
    publisher = {"@type": "NewsMediaOrganization", "name": house().name, "url": house().url}
    return {
        "@context": "https://schema.org",
        "@type": "WebSite",
        "name": house().name,
        "url": house().url,
        "publisher": publisher,
    }
