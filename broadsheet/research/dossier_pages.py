"""The editors' dossiers as pressed pages, in two cuts: what changed is free to see, the quotations are for members."""

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.template.loader import render_to_string

from broadsheet.access.terms import Audience, Reason
from broadsheet.design.page import PageMeta
from broadsheet.library import following
from broadsheet.library.sight import EVERYTHING, STRANGER
from broadsheet.library.subjects import SLUG
from broadsheet.newsroom.galley import Link
from broadsheet.newsroom.models import Country
from broadsheet.press import kinds, pages, sitemaps
from broadsheet.press.kinds import PageKind, Sheet
from broadsheet.research.actions.editing import ALL
from broadsheet.research.actions.refreshing import key_of
from broadsheet.research.dossiers_shown import Shown, path_of, shown
from broadsheet.research.models import Dossier
from broadsheet.wire import links_beside

INDEX, SITEMAP = "/dossiers/", "/sitemap-dossiers.xml"
WALLS = (Reason.SUBSCRIBE, Reason.PAYMENT_FAILED)  # all that members' pages have
PAYWALLED = {
    "isAccessibleForFree": False,
    "hasPart": {"@type": "WebPageElement", "isAccessibleForFree": False, "cssSelector": ".beyond"},
}
MOST_DESCRIBED = 200  # characters


def register_pages() -> None:
    kinds.register(PageKind("dossier", re.compile(rf"/dossiers/(?P<slug>{SLUG})/"), compose, eager=True))
    kinds.register(PageKind("dossiers", re.compile(INDEX), compose_index))
    kinds.register(PageKind("sitemap-dossiers", re.compile(re.escape(SITEMAP)), compose_sitemap))
    sitemaps.name_on_the_index(SITEMAP)
    for page in ("country", "issue", "relation"):
        kinds.register_slot(page, "beside", beside)


def published() -> list[Dossier]:
    return list(Dossier.objects.filter(published_at__isnull=False, reader=None).order_by("title", "pk"))


def compose(path: str, match: re.Match[str], at: datetime) -> Sheet | None:
    dossier = Dossier.objects.filter(slug=match["slug"], published_at__isnull=False, reader=None).first()
    if dossier is None:
        return None
    whole, free = shown(dossier, sight=EVERYTHING), shown(dossier, sight=STRANGER, openly=True)
    page = pages.page_meta(
        title=dossier.title,
        path=path,
        kind="dossier",
        description=" ".join(dossier.introduction.split())[:MOST_DESCRIBED]
        or f"{dossier.title}: what our articles say of it now.",
        told={"@context": "https://schema.org", "@type": "CollectionPage", "name": dossier.title, "url": pages.whole(path)}
        | PAYWALLED,
    )
    articles = {*whole.articles, *dossier.points.values_list("article_id", flat=True)}
    keys = {key_of(dossier.pk), *(f"article:{pk}" for pk in articles), *_keys_of_links(whole)}
    many = len(whole.points) + whole.held_back  # a number that the editors show: it says nothing of any article
    return _sheet(page, {"many": many}, whole, free, keys)


def _sheet(page: PageMeta, context: Mapping[str, Any], whole: Shown, free: Shown, keys: set[str]) -> Sheet:
    given = {"page": page, **context}
    template = "pages/dossier.html"
    return Sheet(
        path=page.path,
        html=render_to_string(template, {**given, "dossier": whole, "cut": "full", "reason": ""}),
        keys=frozenset(keys),
        audience=Audience.MEMBERS,
        previews={
            wall: render_to_string(template, {**given, "dossier": free, "cut": "preview", "reason": wall.value}) for wall in WALLS
        },
    )


def _keys_of_links(dossier: Shown) -> set[str]:
    keys = {links_beside.RULES, *(f"article:{link.roundup}" for link in dossier.links)}
    rows = dossier.matter.rows if dossier.matter else ()
    if len(rows) == 2:
        return keys | {links_beside.key_of_both(rows[0].pk, rows[1].pk)}
    if rows and isinstance(rows[0], Country):
        return keys | {links_beside.key_of_country(rows[0].pk)}
    return keys | {links_beside.key_of_issue(row.pk) for row in rows}


def compose_index(path: str, match: re.Match[str], at: datetime) -> Sheet:
    rows = [(Link(one.title, path_of(one)), " ".join(one.introduction.split())) for one in published()]
    page = pages.page_meta(title="Dossiers", path=path, kind="index")
    return pages.sheet("pages/dossiers.html", page, {"dossiers": rows}, {ALL})


def compose_sitemap(path: str, match: re.Match[str], at: datetime) -> Sheet:
    """With the day on which something last changed in each, as far as strangers may know."""
    there = published()
    rows: list[tuple[str, datetime | None]] = [(INDEX, None), *((path_of(one), _changed_at(one)) for one in there)]
    keys = frozenset({ALL, *(key_of(one.pk) for one in there)})
    return Sheet(path=path, html=sitemaps.urlset(rows), keys=keys, content_type=sitemaps.XML)


def _changed_at(dossier: Dossier) -> datetime | None:
    seen = shown(dossier, sight=STRANGER, openly=True).changes
    return max(filter(None, (dossier.published_at, *(one.at for one in seen))))


# On the pages of countries, issues and relations


def beside(path: str) -> str:
    """Their keys (`matters.keys_beside`) are touched when a dossier appears or goes."""
    subject = following.subject_at(path)
    if subject is None:
        return ""
    on = Dossier.objects.filter(kind=subject.kind, row=subject.row, other=subject.other, published_at__isnull=False, reader=None)
    links = [Link(one.title, path_of(one)) for one in on.order_by("title", "pk")]
    return render_to_string("components/dossiers-beside.html", {"dossiers": links, "path": path})
