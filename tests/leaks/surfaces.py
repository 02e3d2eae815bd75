"""Everything through which text could come out, and how the suite visits it. What is not written here fails the suite.

Four lists that the house itself gives: Django's URL configuration, the kinds of pressed pages, the templates of mail, and the
commands. Each entry is a way of visiting it, or a sentence that says why it holds no article's text.
"""

import argparse
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path
from urllib.parse import urlsplit

from django.core.management import get_commands
from django.urls import URLResolver, get_resolver
from wagtail.documents import get_document_model
from wagtail.images import get_image_model
from wagtail.models import Revision

from broadsheet.config import cli
from broadsheet.library.bibliography import Style
from broadsheet.library.citing import FILES
from broadsheet.library.models import Alert, Collection
from broadsheet.membership.models import Reader
from broadsheet.newsletters.archive import gone_out
from broadsheet.newsletters.composing import path_of
from broadsheet.newsletters.links import Whose, leave_link, preferences_link
from broadsheet.newsletters.models import Edition, Newsletter
from broadsheet.newsletters.proofs import Look
from broadsheet.newsroom.models import Country
from broadsheet.press import kinds
from broadsheet.press.models import Pressing, Slip
from broadsheet.press.queries import all_lists
from broadsheet.research.ends import path_that_ends
from broadsheet.research.models import Dossier, Enquiry, Following, Morning
from tests.leaks.people import secret_of
from tests.leaks.world import AT, SHARED, Piece, World

Paths = Callable[[World], list[str]]
MAIL = Path(__file__).resolve().parents[2] / "broadsheet/design/templates/mail"


# Django's doors


def routes() -> list[str]:
    """Every route of the URL configuration, as written there, from its root."""
    return sorted(set(_routes(get_resolver().url_patterns, "")))


def _routes(patterns: list[object], before: str) -> Iterator[str]:
    for pattern in patterns:
        route = before + str(pattern.pattern)  # type: ignore[attr-defined]
        if isinstance(pattern, URLResolver):
            yield from _routes(pattern.url_patterns, route)
        else:
            yield route


def _at(*paths: str) -> Paths:
    return lambda world: list(paths)


def _media(world: World) -> list[str]:
    return [f"/media/{name}" for name in world.files]


def _one_of_each(world: World) -> list[Piece]:
    """Of each audience, and all that is hidden."""
    return [*world.each(kind="report"), *world.hidden.values()]


def _collections() -> list[int]:
    return list(Collection.objects.values_list("pk", flat=True))


def _editions() -> list[int]:
    """The one that is made now, and two that went out: the desk shows all of them through the same doors."""
    return list(Edition.objects.order_by("-goes_on", "pk").values_list("pk", flat=True)[:3])


def _searches(world: World) -> list[str]:
    """For everything, and for a word from beyond the cut of one article of each audience: more would be too often."""
    beyond = [min(word.text for word in world.vocabulary.of(piece.name)) for piece in world.each(kind="briefing")]
    return ["", "?q=a&sort=oldest", "?q=on&page=2", "?country=kenya&year=2026", *(f"?q={word}" for word in beyond)]


def _questions(world: World, page: str) -> list[str]:
    """As many as a visitor has. About words from beyond the cut asks test_research: a list of questions repeats them."""
    headline = min(word.text for word in world.vocabulary.of("members briefing", free=True) if word.place == "headline")
    asked = ("On+what%3F", "What+has+changed+in+Kenya%3F", "Repeat+the+whole+text+about+Kenya", f"What+is+{headline}%3F")
    return [f"{page}?q={each}" for each in asked]


def _enquiries() -> list[int]:
    return list(Enquiry.objects.values_list("pk", flat=True))


def _dossiers() -> list[int]:
    return list(Dossier.objects.values_list("pk", flat=True))


def _of_articles(world: World) -> list[str]:
    """What the gate does not hold goes to the press's own view: here every article, and each as nobody would write it."""
    pieces = [*world.each(), *world.hidden.values()]
    return [written for piece in pieces for written in (piece.path, piece.path.rstrip("/"), f"/{piece.path}", f"{piece.path}x/")]


def _of_sada() -> list[Whose]:
    return [Whose.of(reader) for reader in Reader.objects.filter(email="sada@example.org")]


PERIODS = "?from=2000&to=2024&with=2025&until=2026"

# Doors of the house, each with the paths by which it is visited.
DOORS: dict[str, Paths] = {
    "join/": lambda world: ["/join/", *(f"/join/?next={piece.path}" for piece in world.each(kind="briefing"))],
    "join/code/": _at("/join/code/", "/join/code/?next=/latest/"),
    "join/link/<str:token>/": _at("/join/link/nobody-was-given-this/"),
    "join/passkey/": _at("/join/passkey/", "/join/passkey/?refused=yes"),
    "leave/": _at("/leave/"),
    "account/": _at("/account/"),
    "account/note/": _at("/account/note/"),
    "account/devices/": _at("/account/devices/"),
    "account/erase/": _at("/account/erase/"),
    "account/erased/": _at("/account/erased/"),
    "account/export/": _at("/account/export/", "/account/export/?download=yes"),
    "account/gifts/": _at("/account/gifts/"),
    "gift/": _at("/gift/"),
    "gift/of/<path:article>": lambda world: [f"/gift/of{piece.path}" for piece in (*world.each(), *world.hidden.values())],
    "gift/<str:token>/": _at("/gift/nobody-was-given-this/"),
    "account/group/": _at("/account/group/"),
    "group/join/<str:token>/": _at("/group/join/nobody-was-given-this/"),
    "account/reading-list/": _at("/account/reading-list/"),
    "account/reading-list/add/<int:article>/": lambda world: [
        f"/account/reading-list/add/{piece.id}/" for piece in _one_of_each(world)
    ],
    "account/history/": _at("/account/history/", "/account/history/?page=2"),
    "account/follows/": _at("/account/follows/"),
    "account/alerts/": _at("/account/alerts/"),
    "alerts/end/<str:token>/": _at("/alerts/end/nobody-was-given-this/"),
    "feeds/alerts/<str:secret>/": lambda world: [
        "/feeds/alerts/nobody-was-given-this/",
        *(f"/feeds/alerts/{secret_of(one)}/" for one in Alert.objects.all()),
    ],
    "account/collections/": _at("/account/collections/"),
    "account/collections/add/<int:article>/": lambda world: [
        f"/account/collections/add/{piece.id}/" for piece in _one_of_each(world)
    ],
    "account/collections/<int:pk>/": lambda world: [f"/account/collections/{pk}/" for pk in _collections()],
    "account/collections/<int:pk>/cite/<slug:form>/": lambda world: [
        f"/account/collections/{pk}/cite/ris/" for pk in _collections()
    ],
    "account/reading-list/epub/": _at("/account/reading-list/epub/"),
    "account/collections/<int:pk>/epub/": lambda world: [f"/account/collections/{pk}/epub/" for pk in _collections()],
    "collections/<str:token>/epub/": _at(f"/collections/{SHARED}/epub/"),
    "collections/<str:token>/": _at(f"/collections/{SHARED}/", "/collections/nobody-was-given-this/"),
    "collections/<str:token>/cite/<slug:form>/": lambda world: [
        f"/collections/{SHARED}/cite/{form}/" for form in (*Style, *FILES)
    ],
    "search/": lambda world: [f"/search/{asked}" for asked in _searches(world)],
    "search/suggest": lambda world: [f"/search/suggest{asked}" for asked in _searches(world)],
    "search/help/": _at("/search/help/"),
    "api/search": lambda world: [f"/api/search{asked}" for asked in _searches(world)],
    "api/suggest": lambda world: [f"/api/suggest{asked}" for asked in _searches(world)],
    "api/openapi.json": _at("/api/openapi.json"),
    "relations/<slug:one>/<slug:other>/": _at("/relations/kenya/ethiopia/", "/relations/ethiopia/kenya/"),
    "relations/<slug:one>/<slug:other>/compare/": _at(f"/relations/ethiopia/kenya/compare/{PERIODS}"),
    "countries/<slug:slug>/compare/": _at("/countries/kenya/compare/", f"/countries/kenya/compare/{PERIODS}"),
    "issues/<slug:slug>/compare/": lambda world: [
        f"/{name}/compare/{PERIODS}" for name in all_lists() if name.startswith("issues/")
    ],
    "research/": lambda world: ["/research/", *_questions(world, "/research/")],
    "research/stream/": lambda world: _questions(world, "/research/stream/"),
    "research/brief.md": lambda world: _questions(world, "/research/brief.md")[:2],
    "research/brief.pdf": lambda world: _questions(world, "/research/brief.pdf")[:1],
    "research/brief.docx": lambda world: _questions(world, "/research/brief.docx")[:1],
    "research/references/<slug:form>/": lambda world: [
        asked for form in (*Style, *FILES) for asked in _questions(world, f"/research/references/{form}/")[:1]
    ],
    "research/questions/": _at("/research/questions/"),
    "research/<int:pk>/": lambda world: [f"/research/{pk}/" for pk in _enquiries()],
    "research/dossiers/": _at("/research/dossiers/"),
    "research/dossiers/<int:pk>/": lambda world: [f"/research/dossiers/{pk}/" for pk in _dossiers()],
    "dossiers/end/<str:token>/": lambda world: [
        "/dossiers/end/nobody-was-given-this/",
        *(path_that_ends(one) for one in Following.objects.filter(reader__email="sada@example.org")),
    ],
    "briefing/": _at("/briefing/"),
    "briefing/<int:pk>/": lambda world: [f"/briefing/{pk}/" for pk in Morning.objects.values_list("pk", flat=True)],
    "briefing/end/<str:token>/": _at("/briefing/end/nobody-was-given-this/"),
    "account/briefing/": _at("/account/briefing/"),
    "research/shared/<str:token>/": _at(f"/research/shared/{SHARED}/", "/research/shared/nobody-was-given-this/"),
    "subscribe/": _at("/subscribe/"),
    "subscribe/from/": lambda world: [f"/subscribe/from/?next={piece.path}" for piece in world.each(kind="note")],
    "subscribe/confirm/": _at("/subscribe/confirm/"),
    "subscribe/confirm/<str:chosen>/<str:seats>/": _at("/subscribe/confirm/1/1/"),
    "subscribe/done/": _at("/subscribe/done/", "/subscribe/done/?session=cs_test_of_nobody"),
    "subscribe/gift/": _at("/subscribe/gift/"),
    "subscribe/gift/done/": _at("/subscribe/gift/done/", "/subscribe/gift/done/?session=cs_test_of_nobody"),
    "subscribe/redeem/": _at("/subscribe/redeem/"),
    "subscribe/withdrawal/": _at("/subscribe/withdrawal/"),
    "account/given-years/": _at("/account/given-years/"),
    "account/given-years/<int:pk>/receipt/": _at("/account/given-years/1/receipt/"),
    "account/subscription/": _at("/account/subscription/"),
    "account/subscription/cancel/": _at("/account/subscription/cancel/"),
    "account/subscription/change/": _at("/account/subscription/change/"),
    "account/subscription/pause/": _at("/account/subscription/pause/"),
    "account/subscription/pay/": _at("/account/subscription/pay/"),
    "account/subscription/portal/": _at("/account/subscription/portal/"),
    "account/subscription/receipts/<int:pk>/": _at("/account/subscription/receipts/1/"),
    "account/subscription/withdraw/": _at("/account/subscription/withdraw/"),
    "account/newsletters/": _at("/account/newsletters/"),
    "newsletters/sign-up/": _at("/newsletters/sign-up/"),
    "newsletters/confirm/<str:token>/": _at("/newsletters/confirm/nobody-was-given-this/"),
    "newsletters/preferences/<str:token>/": lambda world: [
        "/newsletters/preferences/nobody-was-given-this/",
        *(urlsplit(preferences_link(whose, at=AT)).path for whose in _of_sada()),
    ],
    "newsletters/leave/<str:token>/": lambda world: [
        "/newsletters/leave/nobody-was-given-this/",
        *(urlsplit(leave_link(whose, 1)).path for whose in _of_sada()),
    ],
    "billing/notices/": _at("/billing/notices/"),
    "mail/notices/<slug:provider>/": _at("/mail/notices/postmark/"),
    "looking/end/": _at("/looking/end/"),
    "admin/dossiers/<int:dossier_id>/": lambda world: [f"/admin/dossiers/{pk}/" for pk in _dossiers()],
    "admin/editions/<int:edition_id>/": lambda world: [f"/admin/editions/{pk}/" for pk in _editions()],
    "admin/editions/<int:edition_id>/sure/<slug:verb>/": lambda world: [f"/admin/editions/{pk}/sure/now/" for pk in _editions()],
    "admin/editions/<int:edition_id>/proof/<slug:cut>/<slug:look>/": lambda world: [
        f"/admin/editions/{pk}/proof/{cut}/{look}/" for pk in _editions() for cut in ("full", "preview") for look in Look
    ],
    "admin/editions/<int:edition_id>/deliveries/<slug:state>/": lambda world: [
        f"/admin/editions/{pk}/deliveries/listed/{end}" for pk in _editions() for end in ("", "?as=csv")
    ],
    "admin/wire/picks/<slug:day>/": _at("/admin/wire/picks/2026-02-28/", "/admin/wire/picks/2026-03-03/"),
    "admin/wire/picks/<slug:day>/preview/": _at("/admin/wire/picks/2026-02-28/preview/", "/admin/wire/picks/2026-03-03/preview/"),
    "admin/figures/<slug:figure>/": _at("/admin/figures/walls/", "/admin/figures/walls/?as=csv", "/admin/figures/readers/"),
    "admin/mails/<slug:name>/": _at("/admin/mails/charge/", "/admin/mails/nobody-sends-this/"),
    "admin/readers/<int:reader_id>/": _at("/admin/readers/1/"),
    "admin/readers/<int:reader_id>/comp/": _at("/admin/readers/1/comp/"),
    "admin/readers/<int:reader_id>/look/": _at("/admin/readers/1/look/"),
    "admin/readers/terms/<int:term_id>/extend/": _at("/admin/readers/terms/1/extend/"),
    "admin/readers/bills/<int:invoice_id>/refund/": _at("/admin/readers/bills/1/refund/"),
    "admin/wire/sources/<int:source_id>/": _at("/admin/wire/sources/1/"),
    "admin/wire/sources/<int:source_id>/delete/": _at("/admin/wire/sources/1/delete/"),
    "admin/wire/sources/add/<uuid:look>/": _at("/admin/wire/sources/add/6b1f4c1e-0000-4000-8000-000000000000/"),
    "admin/wire/since/<int:change>/": _at("/admin/wire/since/0/"),
    "admin/wire/story/<int:story_id>/": _at("/admin/wire/story/1/"),
    "favicon.ico": _at("/favicon.ico"),
    "apple-touch-icon.png": _at("/apple-touch-icon.png"),
    "^media/(?P<name>.+)$": _media,
    r"^(?P<path>(?:.*/)?|.*\.[a-z]+)$": _of_articles,
    r"documents/^(\d+)/(.*)$": lambda world: [
        f"/documents/{one.pk}/{one.filename}" for one in get_document_model().objects.all()
    ],
    "documents/authenticate_with_password/<int:restriction_id>/": _at("/documents/authenticate_with_password/1/"),
}
PRESSED, MEDIA = r"^(?P<path>(?:.*/)?|.*\.[a-z]+)$", "^media/(?P<name>.+)$"
# Whole rooms of others: each of their routes is visited, with arguments of this name.
ROOMS = ("admin/", "accounts/", "^admin/", "^accounts/")
ARGUMENT = re.compile(r"\(\?P<(?P<group>\w+)>(?:[^()]|\([^()]*\))*\)|<(?:\w+:)?(?P<name>\w+)>")


def visits(route: str, world: World) -> list[str] | None:
    """The paths by which a route is visited; None: nobody has thought of it yet."""
    if route in DOORS:
        return DOORS[route](world)
    if not route.startswith(ROOMS):
        return None
    arguments = _arguments(route, world)
    named = [found["group"] or found["name"] for found in ARGUMENT.finditer(route)]
    if any(name not in arguments for name in named):
        return None
    written = ARGUMENT.sub(lambda found: arguments[found["group"] or found["name"]], route)
    return [f"/{_plain(written)}"]


def _plain(regex: str) -> str:
    """A path that what is left of a regular expression matches."""
    return (
        regex.replace("^", "")
        .replace("$", "")
        .replace("\\.", ".")
        .replace(".*", "x")
        .replace("(?:login|signup|password)", "signup")
    )


def _arguments(route: str, world: World) -> dict[str, str]:
    draft = world.hidden["draft of a live one"]
    image = get_image_model().objects.order_by("-pk").values_list("pk", flat=True)[0]
    document = get_document_model().objects.order_by("-pk").values_list("pk", flat=True)[0]
    revision = Revision.objects.filter(object_id=str(draft.id)).order_by("-pk").values_list("pk", flat=True)[0]
    page, model = str(draft.id), _model_in(route)
    pk = str(image if "images/" in route else document if "documents/" in route else draft.id)
    return {
        **dict.fromkeys(("page_id", "article_id", "page_to_move_id", "object_id", "page_pk"), page),
        **dict.fromkeys(("pk", "image_id", "redirect_id"), pk),
        **dict.fromkeys(("document_id", "doc_id"), str(document)),
        **dict.fromkeys(("revision_id", "revision_id_a", "revision_id_b"), str(revision)),
        **dict.fromkeys(("app_label", "app_name", "content_type_app_name"), "newsroom" if model != "image" else "wagtailimages"),
        **dict.fromkeys(("model_name", "content_type_model_name"), model),
        **dict.fromkeys(("parent_page_id", "destination_id", "collection_id", "workflow_pk"), "2"),
        **dict.fromkeys(("task_state_id", "task_id", "workflow_state_id", "session_id", "uploaded_file_id"), "1"),
        **dict.fromkeys(("action", "action_name"), "delete"),
        **dict.fromkeys(("token", "uidb36", "uidb64", "key"), "abc"),
        "filter_spec": "width-480",
    }


def _model_in(route: str) -> str:
    return "image" if "images/" in route else "briefing"


# Pressed pages


def kinds_of_pages() -> set[str]:
    return {kind.name for kind in kinds.kinds()}


def pressed_paths() -> dict[str, str]:
    """Path -> kind, of every slip and of every page that the press would print if somebody asked: it is asked here."""
    found = dict(Slip.objects.values_list("path", "kind"))
    lists = sorted(f"/{name}/" for name in all_lists())
    for path in (
        "/",
        "/sitemap.xml",
        "/sitemap-pages.xml",
        "/news-sitemap.xml",
        "/robots.txt",
        "/subscribe/",
        "/terms/",
        "/privacy/",
        "/imprint/",
        "/contact/",
        "/relations/",
        "/sitemap-relations.xml",
        "/dossiers/",
        "/sitemap-dossiers.xml",
        *(f"/dossiers/{dossier.slug}/" for dossier in Dossier.objects.exclude(slug="")),
        "/newsletters/",
        "/sitemap-newsletters.xml",
        *_newsletters(),
        *(f"/relations/{one}/{other}/" for one, other in combinations(sorted(Country.objects.values_list("slug", flat=True)), 2)),
        *lists,
        *_beside(lists),
        *_sitemaps(),
        *_citations(found),
    ):
        kind = kinds.kind_of(path)
        found[path] = kind[0].name if kind else "nobody's"
    return found


def _citations(found: Iterable[str]) -> Iterator[str]:
    ids = Pressing.objects.filter(path__in=found).values_list("article_id", flat=True)
    yield from (f"/cite/{pk}{end}" for pk in ids for end in ("/", ".ris", ".bib", ".json"))


def _newsletters() -> Iterator[str]:
    for newsletter in Newsletter.objects.all():
        yield from (f"/newsletters/{newsletter.slug}/{end}" for end in ("", "2025/", "feed/"))
    yield from map(path_of, gone_out())


def _beside(lists: list[str]) -> Iterator[str]:
    for path in ("/", *lists):
        yield from (f"{path}feed.{name}" for name in ("rss", "atom", "json"))
    for path in lists:
        yield from (f"{path}page/1/", f"{path}archive/", f"{path}2026/02/", f"{path}2025/10/")
    yield from {f"/{path.split('/')[1]}/" for path in lists if path.count("/") == 3}


def _sitemaps() -> Iterator[str]:
    yield from (f"/sitemap-{month}.xml" for month in ("2025-10", "2025-11", "2025-12", "2026-01", "2026-02", "2026-03"))


# Mail

# What makes each mail, by the name of its template.
MAILS = {
    "code": "sent to whoever gives an address at the door (tests: a mail tells nothing of the article that it leads back to)",
    "new-address": "a code for an address that a reader adds to an account; handed the code and nothing else",
    "account-notice": "a sentence of NOTICES in membership.adapter, none of which names an article",
    "trial": "a plan's name, days and a sum",
    "charge": "a sum and a day; handed an invoice and nothing else (billing.actions.writing)",
    "charge-failed": "the same, of a charge that failed",
    "grace-over": "a sum and a day",
    "renewal": "a plan's name, a sum and a day",
    "subscription-ends": "a day",
    "subscription-paused": "a plan's name and days",
    "subscription-kept": "a plan's name, a sum and a day",
    "withdrawal": "a plan's name, a sum, days, and the name that whoever withdrew has typed",
    "group-invitation": "a group's name and a link to its door; nothing of any article",
    "seat-ends": "a group's name and a day",
    "group-manager": "a group's name, and the address of whoever pays for it",
    "given-year": "a giver's name and words, a plan's name and a code",
    "year-given": "to its giver: a sum, a plan's name, an address and a day",
    "erased": "handed the reasons for which rows are kept (membership.records), and nothing else",
    "alert": "headlines, standfirsts and bylines of articles that its reader's own sight finds (tests/library/test_alerts.py)",
    "dossier": "of each change as much as its reader may know and read when it is posted (tests/leaks/test_dossiers.py)",
    "my-briefing": "free words of what its reader may know to be on what they chose (tests/leaks/test_dossiers.py)",
    "newsletter-confirm": "a newsletter's name and promise, and a link",
    "welcome": "the same, and numbers of the house's rules",
    "welcome-library": "the same, and addresses of pages",
    "welcome-shelves": "the same, and addresses of pages",
    "base": "the frame of the others",
}


def mails() -> set[str]:
    return {file.name.partition(".")[0] for file in MAIL.iterdir()}


# Commands and the words of the command line

COMMANDS = {
    "press": "prints into the database, which the walk reads through the gate; its output counts",
    "send_mail": "sends what lies in the outbox, which the tests of mail read",
    "take_returned_mail": "says how many mails it took; of their words nothing (tests/mailroom/test_letterbox.py)",
    "sweep_membership": "removes rows",
    "dkim_key": "makes a key, and says its public half",
    "listen_to": "writes addresses of other outlets' feeds into the list of sources",
    "glean": "writes rows that pages are composed of, in two cuts",
    "index_library": "writes the index into the state folder, which no door serves; of searches: tests/library/test_finding",
    "new": "writes settings, a secret and an empty publication",
    "serve": "runs the house, which the walk visits",
    "demo": "runs the demo on this machine only; its doors do not exist elsewhere (tested)",
    "import library": "writes a report of ids, outcomes and remarks into the state folder, which no door serves (tested)",
    "manage": "leads to the commands above and to Django's and Wagtail's own",
    "sweep": "does what the clock does, once",
    "doctor": "counts, moments, and what servers say of themselves",
}


def commands() -> set[str]:
    ours = {name for name, app in get_commands().items() if str(app).startswith("broadsheet")}
    return ours | set(_words(cli._parser(), ""))


def _words(parser: argparse.ArgumentParser, before: str) -> Iterator[str]:
    choices = [action.choices for action in parser._actions if isinstance(action, argparse._SubParsersAction)]
    if not choices:
        yield before
    for under in choices:
        for name, inner in under.items():
            yield from _words(inner, f"{before} {name}".strip())


@dataclass(frozen=True, slots=True)
class Unknown:
    """Surfaces that the register does not know."""

    routes: tuple[str, ...]
    kinds: tuple[str, ...]
    mails: tuple[str, ...]
    commands: tuple[str, ...]


def unknown(world: World) -> Unknown:
    visited = set(pressed_paths().values())
    return Unknown(
        routes=tuple(route for route in routes() if visits(route, world) is None),
        kinds=tuple(sorted(kinds_of_pages() - visited)),
        mails=tuple(sorted(mails() - set(MAILS))),
        commands=tuple(sorted(commands() - set(COMMANDS))),
    )
