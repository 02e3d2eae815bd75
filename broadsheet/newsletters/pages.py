"""Newsletters on the web: what there is to choose from, the archive of each, and every edition as everybody may read it."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime

from django.conf import settings
from django.template.loader import render_to_string
from django.utils.formats import date_format, time_format

from broadsheet.newsletters.actions.signing_up import ENDS, words_shown
from broadsheet.newsletters.archive import Entry, entries, gone_out, years
from broadsheet.newsletters.composed import Composed, Line, Top, without_notes_beyond
from broadsheet.newsletters.composing import compose, path_of
from broadsheet.newsletters.models import Edition, Newsletter
from broadsheet.newsletters.policy import Rhythm, Whom, cuts_of
from broadsheet.newsletters.visits import are_counted
from broadsheet.newsroom.galley import Link
from broadsheet.newsroom.print_blocks import sources
from broadsheet.newsroom.typeset import house
from broadsheet.press import kinds, pages, sitemaps
from broadsheet.press.kinds import PageKind, Sheet
from broadsheet.press.queries import on_list

OVERVIEW = "/newsletters/"
SITEMAP = "/sitemap-newsletters.xml"
EARLIER = "editions"
ALL = "newsletters"  # the key of what names them all
PRIVACY, PRIVACY_KEY = "/privacy/", "house:privacy"
FOR_WHOM = {
    Whom.FREE: "Free",
    Whom.TWO_CUTS: "Free; subscribers get the top story whole",
    Whom.MEMBERS: "For subscribers",
}


@dataclass(frozen=True, slots=True)
class Offer:
    """A newsletter as it stands before whoever may want it. `words`: what they agree to. `open`: it can still be had."""

    name: str
    slug: str
    path: str
    promise: str
    words: str
    comes: str
    for_whom: str
    for_members: bool
    regions: tuple[str, ...]
    open: bool


def register_pages() -> None:
    slug = r"(?P<slug>[A-Za-z0-9_-]+)"
    kinds.register(PageKind("newsletters", re.compile(OVERVIEW), compose_overview))
    kinds.register(
        PageKind("newsletter", re.compile(rf"{OVERVIEW}{slug}/(?:(?P<year>20\d\d)/)?"), compose_archive, lead=where_now)
    )
    day = r"(?P<day>20\d\d-\d\d-\d\d)"
    kinds.register(PageKind("newsletter-edition", re.compile(rf"{OVERVIEW}{slug}/{day}/"), compose_edition, lead=where_now))
    kinds.register(PageKind("sitemap-newsletters", re.compile(re.escape(SITEMAP)), compose_sitemap))
    sitemaps.name_on_the_index(SITEMAP)
    kinds.register_slot("front", "newsletters", offered_on_the_front)
    kinds.register_slot("house", "after", said_of_privacy)


def where_now(path: str, match: re.Match[str]) -> str:
    """Where a page stands whose newsletter was renamed since; "" of one that never was."""
    newsletter = Newsletter.objects.filter(former_slugs__slug=match["slug"]).exclude(slug=match["slug"]).first()
    return path.replace(f"{OVERVIEW}{match['slug']}/", f"{OVERVIEW}{newsletter.slug}/", 1) if newsletter else ""


def keys_of(newsletter_id: int) -> set[str]:
    """What shows something else when this newsletter changes, or an edition of it goes out."""
    return {ALL, f"newsletter:{newsletter_id}"}


def feed_of(newsletter: Newsletter) -> str:
    return f"{OVERVIEW}{newsletter.slug}/feed/"


# All of them, and each


def compose_overview(path: str, match: re.Match[str], at: datetime) -> Sheet:
    newsletters = Newsletter.objects.filter(withdrawn_at=None).prefetch_related("regions")
    newest = {one.pk: entries(list(gone_out(one)[:1])) for one in newsletters}
    offers = [(offer_of(one), next(iter(newest[one.pk]), None)) for one in newsletters]
    page = pages.page_meta(
        title="Newsletters", path=path, kind="index", description="By mail, and here: what each brings, and when."
    )
    keys = {ALL, f"list:{EARLIER}:head", *_article_keys(entry for found in newest.values() for entry in found)}
    earlier = on_list(EARLIER).exists()  # newsletters that came with an imported library stand on the site as articles
    context = {
        "everybodys": [each for each in offers if not each[0].for_members],
        "subscribers": [each for each in offers if each[0].for_members],
        "ends": ENDS,
        "earlier": earlier and f"/{EARLIER}/",
    }
    return pages.sheet("pages/newsletters.html", page, context, keys)


def offered_on_the_front(path: str) -> str:
    """The one that begins with registering."""
    newsletter = Newsletter.objects.filter(withdrawn_at=None, at_registration=True).first()
    return render_to_string("components/front-newsletter.html", {"offer": offer_of(newsletter)}) if newsletter else ""


def said_of_privacy(path: str) -> str:
    """Whatever the desk wrote there, or not yet: true of the house rule as it stands."""
    return render_to_string("components/mail-and-you.html", {"counted": are_counted()}) if path == PRIVACY else ""


def compose_archive(path: str, match: re.Match[str], at: datetime) -> Sheet | None:
    """The newest year stands at the newsletter's own address, each before it at one of its own."""
    newsletter = Newsletter.objects.filter(slug=match["slug"]).first()
    if newsletter is None:
        return None
    known = years(newsletter)
    year = int(match["year"]) if match["year"] else next(iter(known), at.year)
    if match["year"] and year not in known[1:]:
        return None
    shown = entries(list(gone_out(newsletter).filter(goes_on__year=year)))
    offer = offer_of(newsletter)
    context = {
        "offer": offer,
        "label": str(year) if match["year"] else "",
        "months": _by_month(shown),
        "years": [Link(str(one), offer.path if one == known[0] else f"{offer.path}{one}/") for one in known if one != year],
        "feed": feed_of(newsletter),
    }
    title = f"{newsletter.name}, {year}" if match["year"] else newsletter.name
    page = pages.page_meta(title=title, path=path, kind="listing", description=newsletter.promise)
    page = replace(page, feeds=_feeds(newsletter))
    return pages.sheet("pages/newsletter.html", page, context, keys_of(newsletter.pk) | _article_keys(shown))


def offer_of(newsletter: Newsletter) -> Offer:
    whom = Whom(newsletter.whom)
    return Offer(
        name=newsletter.name,
        slug=newsletter.slug,
        path=f"{OVERVIEW}{newsletter.slug}/",
        promise=newsletter.promise,
        words=words_shown(newsletter),
        comes=_comes(newsletter),
        for_whom=FOR_WHOM[whom],
        for_members=whom is Whom.MEMBERS,
        regions=tuple(region.name for region in newsletter.regions.all()),
        open=newsletter.withdrawn_at is None,
    )


def _comes(newsletter: Newsletter) -> str:
    """ "Monday to Friday at 06:00, Paris time"."""
    city = settings.TIME_ZONE.rpartition("/")[2].replace("_", " ")
    clock = f"at {time_format(newsletter.goes_at, 'H:i')}, {city} time"
    match Rhythm(newsletter.rhythm):
        case Rhythm.WEEKDAYS:
            return f"Monday to Friday {clock}"
        case Rhythm.WEEKLY:
            return f"Every {newsletter.get_weekday_display()} {clock}"
        case Rhythm.BY_HAND:
            return "When there is cause"


def _by_month(shown: Iterable[Entry]) -> list[tuple[str, list[Entry]]]:
    months: dict[str, list[Entry]] = {}
    for entry in shown:
        months.setdefault(date_format(entry.goes_on, "F Y"), []).append(entry)
    return list(months.items())


def _article_keys(shown: Iterable[Entry]) -> set[str]:
    return {f"article:{entry.article}" for entry in shown if entry.article}


def _feeds(newsletter: Newsletter) -> tuple[tuple[str, str, str], ...]:
    return ((f"{newsletter.name} (Atom)", feed_of(newsletter), pages.MIME["atom"]),)


# An edition


def compose_edition(path: str, match: re.Match[str], at: datetime) -> Sheet | None:
    edition = edition_at(match["slug"], match["day"])
    if edition is None:
        return None
    newsletter, whole = edition.newsletter, compose(edition, at=at)
    composed = free_of(whole, edition)
    top = composed.top
    newer = gone_out(newsletter).filter(goes_on__gt=edition.goes_on).last()
    older = gone_out(newsletter).filter(goes_on__lt=edition.goes_on).first()
    context = {
        "composed": composed,
        "offer": offer_of(newsletter),
        "top": top and _local(top.line),
        "text_html": _led_to_the_article(top) if top else "",
        "subject": composed.subject if composed.subject not in {line.headline for line in composed.lines} else "",
        "goes_on": bool(whole.top and whole.top.rest),
        "kept_note": bool(whole.note and not composed.note),
        "parts": [(part.title, [_local(line) for line in part.lines]) for part in composed.parts],
        "newer": newer and Link(day_of(newer), path_of(newer)),
        "older": older and Link(day_of(older), path_of(older)),
    }
    title = f"{composed.subject} ({newsletter.name}, {day_of(edition)})"
    page = pages.page_meta(title=title, path=path, kind="listing", description=composed.preheader)
    page = replace(page, og_type="article", published_at=edition.begun_at, feeds=_feeds(newsletter))
    files = sources(top.picture) if top and top.picture else ()
    return pages.sheet("pages/edition.html", page, context, keys_of_free(composed, newsletter), files=files)


def edition_at(slug: str, day: str) -> Edition | None:
    """None before it went out."""
    try:
        goes_on = date.fromisoformat(day)
    except ValueError:
        return None
    return gone_out().filter(newsletter__slug=slug, goes_on=goes_on).first()


def free_of(composed: Composed, edition: Edition) -> Composed:
    """What everybody may read of it. The note of one for subscribers is theirs, whoever gets the newsletter by now."""
    left = set(edition.cuts.values_list("cut", flat=True)) or set(cuts_of(Whom(edition.newsletter.whom)))
    note = () if left == set(cuts_of(Whom.MEMBERS)) else composed.note
    free = without_notes_beyond(composed)
    return replace(free, note=note, top=composed.top and replace(composed.top, rest=""))


def keys_of_free(composed: Composed, newsletter: Newsletter) -> set[str]:
    cut = {f"cut:{composed.top.line.id}"} if composed.top else set()
    return keys_of(newsletter.pk) | cut | {f"article:{line.id}" for line in composed.lines if line.id}


def day_of(edition: Edition) -> str:
    return date_format(edition.goes_on, "j F Y")


def _local(line: Line) -> Line:
    return replace(line, address=line.address.removeprefix(house().url)) if line.id else line


def _led_to_the_article(top: Top) -> str:
    """The free part; its notes and places stand on the article's own page."""
    return top.free.replace('href="#', f'href="{_local(top.line).address}#')


# What search engines are told


def compose_sitemap(path: str, match: re.Match[str], at: datetime) -> Sheet:
    rows: list[tuple[str, datetime | None]] = [(OVERVIEW, None)]
    for newsletter in Newsletter.objects.all():
        known = years(newsletter)
        rows += [(f"{OVERVIEW}{newsletter.slug}/", None), *((f"{OVERVIEW}{newsletter.slug}/{year}/", None) for year in known[1:])]
        rows += [(path_of(edition), edition.begun_at) for edition in gone_out(newsletter)]
    return Sheet(path=path, html=sitemaps.urlset(rows), keys=frozenset({ALL}), content_type=sitemaps.XML)
