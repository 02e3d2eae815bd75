"""The world of the leak tests: an article of every type for every audience, each unpublished state, and the cast.

Built once a process and printed, and put back before each test.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from django.conf import settings

from broadsheet.access.terms import Audience
from broadsheet.library.actions.gleaning import glean_new
from broadsheet.library.catching_up import catch_up
from broadsheet.library.following import Subject
from broadsheet.newsroom.actions import take_back
from broadsheet.newsroom.models import Article, Country
from broadsheet.press.actions import press_many
from broadsheet.research.actions import editing
from broadsheet.research.matters import documents_in, is_free, lines_of
from broadsheet.research.models import Change, Dossier, Point
from broadsheet.wire.actions.roundups import publish
from broadsheet.wire.models import DayOfLinks, Pick, Rival, WireRules
from tests import make
from tests.leaks import texts
from tests.leaks.words import Planter, Vocabulary, Word
from tests.newsletters import make as newsletters

AT = datetime(2026, 3, 2, 8, tzinfo=UTC)  # Monday
DAY = timedelta(days=1)
HIDDEN = "hidden"
SHARED = "the-link-to-sadas-list"
KINDS = tuple(make.TYPES)
WITH_BODY = {"briefing", "column", "note", "podcast"}
WITH_PICTURES = {"briefing", "report"}
WITH_LEAD = {"report"}


@dataclass(frozen=True, slots=True)
class Piece:
    """An article of the world, and the words that stand in it."""

    name: str
    kind: str
    audience: str
    id: int
    path: str
    story: str


@dataclass
class World:
    vocabulary: Vocabulary = field(default_factory=Vocabulary)
    pieces: dict[str, Piece] = field(default_factory=dict)
    hidden: dict[str, Piece] = field(default_factory=dict)
    files: dict[str, Word] = field(default_factory=dict)  # path below /media/ -> the word that the file stands for
    bytes_of_files: dict[bytes, Word] = field(default_factory=dict)

    def piece(self, kind: str, audience: str) -> Piece:
        return self.pieces[f"{audience} {kind}"]

    def each(self, *, audience: str = "", kind: str = "") -> Iterator[Piece]:
        for piece in self.pieces.values():
            if audience in ("", piece.audience) and kind in ("", piece.kind):
                yield piece


def build() -> World:
    world = World()
    make.site()
    axes = _axes(world)
    for age, audience in enumerate(Audience):
        for kind in KINDS:
            _publish(world, kind, audience.value, axes, at=AT - (20 + age * 40) * DAY)
    picked = _pick_from_elsewhere(world, axes)
    press_many([*(piece.id for piece in world.each()), picked.pk], at=AT, workers=0)
    for state in STATES:
        _hide(world, state, axes)
    _send_editions(world)
    glean_new(at=AT)
    catch_up()
    _keep_dossiers(world)
    _find_files(world)
    return world


def _axes(world: World) -> dict[str, Any]:
    region = make.region()
    country = make.country(regions=[region])
    person = make.contributor("Ada Writer", bio="Writes about rivers.")
    return {
        "regions": [region],
        "countries": [country, make.country("Ethiopia", regions=[region])],
        "contributors": [person],
        "issues": [make.issue()],
        "section": make.section(),
        "series": make.series(),
    }


def _publish(world: World, kind: str, audience: str, axes: dict[str, Any], *, at: datetime) -> None:
    name = f"{audience} {kind}"
    words = Planter(world.vocabulary, name, audience)
    world.pieces[name] = _piece(name, _article(words, kind, axes, at=at, audience=audience, live=True))


def _piece(name: str, article: Article) -> Piece:
    return Piece(name, article.kind, article.audience, article.pk, article.address, article.story)


def _article(
    words: Planter, kind: str, axes: dict[str, Any], *, at: datetime, audience: str, live: bool = False, free: bool = True
) -> Article:
    """`free` False: nothing of it may be seen, so that its headline is as secret as its end."""
    say = words.free if free else words.paid
    lead = texts.picture(say("lead image")) if kind in WITH_LEAD else None
    beyond = texts.picture(words.paid("image file")).pk if kind in WITH_PICTURES else None
    article = make.article(
        kind,
        headline=f"On {say('headline')}",
        standfirst=f"About {say('standfirst')}.",
        body=[],
        at=at,
        live=live,
        audience=audience,
        lead_image=lead,
        lead_caption=say("caption of the lead image") if lead else "",
        **axes,
        **_of_its_type(words, kind, beyond),
    )
    article.dated_at = at
    if kind in WITH_BODY:
        article.body = texts.stream(texts.body(words, beyond))
        article.save()
    return article


def _of_its_type(words: Planter, kind: str, picture: int) -> dict[str, Any]:
    match kind:
        case "interview":
            return {"expert": "An Expert", "talk": texts.stream(texts.talk(words))}
        case "report":
            return {"key_points": texts.key_points(words), "chapters": texts.stream(texts.chapters(words, picture))}
        case "podcast":
            return {"episode": 7, "duration": "31:07", "recording": texts.recording(words.paid("recording"))}
        case "edition" | "roundup":
            return {"links": texts.stream(texts.links(words))}
        case _:
            return {}


# What no reader may see


def _never_published(words: Planter, axes: dict[str, Any]) -> Article:
    article = _article(words, "briefing", axes, at=AT, audience="open", free=False)
    article.save_revision()
    return article


def _scheduled(words: Planter, axes: dict[str, Any]) -> Article:
    article = _article(words, "briefing", axes, at=AT, audience="open", free=False)
    article.dated_at, article.go_live_at = None, AT + DAY
    article.save_revision(approved_go_live_at=AT + DAY)
    return article


def _embargoed(words: Planter, axes: dict[str, Any]) -> Article:
    article = _article(words, "briefing", axes, at=AT - DAY, audience="open", free=False)
    article.embargoed_until = AT + DAY
    article.save_revision().publish()
    return article


def _withdrawn(words: Planter, axes: dict[str, Any]) -> Article:
    article = _article(words, "briefing", axes, at=AT - 3 * DAY, audience="open", free=False)
    article.save_revision().publish()
    take_back(Article.objects.get(pk=article.pk), by=None, at=AT)
    return article


def _unpublished(words: Planter, axes: dict[str, Any]) -> Article:
    article = _article(words, "report", axes, at=AT - 3 * DAY, audience="open", free=False)
    article.save_revision().publish()
    Article.objects.get(pk=article.pk).specific.unpublish()
    return article


def _old_revision(words: Planter, axes: dict[str, Any]) -> Article:
    """Its first text stood there, was open, and was replaced by another."""
    article = _article(words, "briefing", axes, at=AT - 3 * DAY, audience="open", free=False)
    article.slug = "an-address-stays"
    article.save_revision().publish()
    return _written_anew(article)


def _draft_of_a_live_one(words: Planter, axes: dict[str, Any]) -> Article:
    """Its text is open, and somebody is writing another."""
    article = make.article("note", headline="Much has been said", body=["What was said."], audience="open", at=AT - 5 * DAY)
    article.save_revision().publish()
    article.title, article.standfirst = f"Then {words.paid('headline')}", words.paid("standfirst")
    article.body = texts.stream(texts.body(words, texts.picture(words.paid("image file")).pk))
    article.save_revision()
    return article


def _written_anew(article: Article) -> Article:
    article.title, article.standfirst, article.lead_caption, article.lead_image = "Written anew", "As it is.", "", None
    article.body = texts.stream([_paragraph("As it is now.")])
    article.save_revision().publish()
    return article


def _paragraph(text: str) -> dict[str, Any]:
    return {"type": "paragraph", "value": f"<p>{text}</p>"}


STATES: dict[str, Callable[[Planter, dict[str, Any]], Article]] = {
    "never published": _never_published,
    "scheduled": _scheduled,
    "embargoed": _embargoed,
    "withdrawn": _withdrawn,
    "unpublished": _unpublished,
    "old revision": _old_revision,
    "draft of a live one": _draft_of_a_live_one,
}


def _hide(world: World, state: str, axes: dict[str, Any]) -> None:
    article = STATES[state](Planter(world.vocabulary, state, HIDDEN), axes)
    world.hidden[state] = _piece(state, article)


# Links to other outlets


def _pick_from_elsewhere(world: World, axes: dict[str, Any]) -> Article:
    """A roundup for members, whose links stand beside our articles; and a day that nobody has published."""
    WireRules.objects.update_or_create(defaults={"audience": Audience.MEMBERS.value})
    published = _day_of_links(Planter(world.vocabulary, "picked roundup", Audience.MEMBERS.value), axes, age=2)
    hidden = _day_of_links(Planter(world.vocabulary, "picks of a day to come", HIDDEN), axes, age=-1)
    hidden.picks.update(headline=Planter(world.vocabulary, "picks of a day to come", HIDDEN).paid("headline of a pick"))
    return publish(published, by=None, at=AT - 2 * DAY)


def _day_of_links(words: Planter, axes: dict[str, Any], *, age: int) -> DayOfLinks:
    """Its introduction is all that stands before the wall."""
    day = DayOfLinks.objects.create(day=(AT - age * DAY).date(), introduction=texts.FILLER)
    for number in range(2):
        told = {
            "outlet": "The Outlet",
            "picked_at": AT - (max(age, 0) + 1) * DAY,
            "note": words.paid("note of a pick"),
            "url_key": f"{number}",
        }
        url = f"https://outlet.example/{number}"
        pick = Pick.objects.create(day=day, url=url, headline=f"Of {words.free('headline of a pick')}", **told)
        pick.countries.set(axes["countries"])
        pick.issues.set(axes["issues"])
        rival = {name: words.paid(f"{name} of a rival") for name in ("headline", "outlet", "author")}
        Rival.objects.create(pick=pick, url=f"https://rival.example/{words.paid('address of a rival')}", **rival)
    return day


# Editions


def _send_editions(world: World) -> None:
    """One led by each article, and in each all that is hidden."""
    daily = newsletters.newsletter(whom="two-cuts")
    newsletters.newsletter("Members", slug="members", whom="members")
    hidden = [Article.objects.get(pk=piece.id) for piece in world.hidden.values()]
    for age, piece in enumerate(world.each()):
        day = (AT - (age + 1) * 3 * DAY).date()
        newsletters.edition(daily, top=Article.objects.get(pk=piece.id), articles=hidden, links=[newsletters.LINK], goes_on=day)


# Dossiers


def _keep_dossiers(world: World) -> None:
    """The editors' on a country, whose points are every paragraph of every article; and whose changes tell of each again."""
    dossier = editing.begin(subject=Subject("country", Country.objects.get(slug="kenya").pk), at=AT)
    quote_everything(dossier, world)
    editing.publish(dossier.pk, at=AT)


def quote_everything(dossier: Dossier, world: World) -> None:
    documents = documents_in([piece.id for piece in world.each()])
    points = [
        Point(
            dossier=dossier,
            article_id=pk,
            paragraph=number,
            begin=0,
            end=len(text),
            text=text,
            dated_on=document.dated_at.date(),
            free=is_free(document, number),
            edition=document.edition,
            place=number,
        )
        for pk, document in documents.items()
        for number, text in enumerate(lines_of(document))
    ]
    Point.objects.bulk_create(points)
    Change.objects.bulk_create(
        Change(
            dossier=dossier,
            kind=Change.Kind.REPLACED,
            at=AT,
            article_id=point.article_id,
            freely=True,
            text=point.text,
            free=point.free,
            edition=point.edition,
            other=point.article_id,
            other_text=point.text,
            other_free=point.free,
            other_edition=point.edition,
        )
        for point in points
    )
    hidden = [piece.id for piece in world.hidden.values()]
    Change.objects.bulk_create(
        Change(dossier=dossier, kind=Change.Kind.ARTICLE, at=AT, article_id=pk, freely=True) for pk in hidden
    )


# Files


def _find_files(world: World) -> None:
    """Every file under /media/ by the word in its name: originals, and the sizes that browsers choose from."""
    root = Path(settings.MEDIA_ROOT)
    for file in sorted(path for path in root.rglob("*") if path.is_file()):
        for word in world.vocabulary.found_in(file.name):
            world.files[str(file.relative_to(root))] = word
            world.bytes_of_files[file.read_bytes()] = word
