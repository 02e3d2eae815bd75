"""Things that tests are about, made in the fewest rows: each function takes keywords and fills in what the test does not say."""

from collections.abc import Iterable
from datetime import UTC, datetime
from io import BytesIO
from itertools import count
from typing import Any

from django.core.files.base import ContentFile
from PIL import Image as PillowImage
from slugify import slugify
from wagtail.documents import get_document_model
from wagtail.images import get_image_model

from broadsheet.newsroom.addresses import INDEX_SLUGS
from broadsheet.newsroom.layout import lay_out_the_site, lay_out_the_tree
from broadsheet.newsroom.models import (
    ARTICLE_TYPES,
    Article,
    ArticleIndex,
    Byline,
    Contributor,
    Correction,
    Country,
    FrontPage,
    Issue,
    Region,
    Section,
    Series,
)
from tests import databases

AT = datetime(2026, 3, 2, 8, tzinfo=UTC)  # as the fixture `at`
PARAGRAPH = "The river has no flag until somebody builds a gauge upon it, and then it has two. " * 3
TYPES = {model.kind: model for model in ARTICLE_TYPES}
_numbers = count(1)


def site(name: str = "The Test Review") -> FrontPage:
    """The front page and the eight parents of articles; made once, then found."""
    databases.begin_with(f"tree of {name}", lambda: lay_out_the_tree(name=name, at=AT))
    return FrontPage.objects.get()


def publication(name: str = "The Test Review", at: datetime = AT) -> FrontPage:
    """All that a publication begins with: its groups and their rights, sections and house pages too."""
    databases.begin_with(f"{name} at {at}", lambda: lay_out_the_site(name=name, at=at))
    return FrontPage.objects.get()


def article(
    kind: str = "briefing",
    *,
    headline: str = "",
    body: Iterable[str | dict[str, Any]] | None = None,
    at: datetime = AT,
    live: bool = True,
    contributors: Iterable[Contributor] = (),
    countries: Iterable[Country] = (),
    regions: Iterable[Region] = (),
    issues: Iterable[Issue] = (),
    corrections: Iterable[str] = (),
    **fields: Any,
) -> Article:
    """An article as a publication has it, without a revision. `body` holds paragraphs (plain text or HTML) and raw blocks."""
    headline = headline or f"Headline number {next(_numbers)}"
    fields = {
        "slug": slugify(headline),
        "standfirst": f"What is behind {headline.lower()}.",
        "dated_at": at if live else None,
    } | fields
    page = TYPES[kind](
        title=headline, live=live, first_published_at=at if live else None, last_published_at=at if live else None, **fields
    )
    page.body = [block(text) for text in (PARAGRAPH, PARAGRAPH, PARAGRAPH) if body is None] or [
        block(text) for text in body or ()
    ]
    page.bylines = [Byline(contributor=person, sort_order=order) for order, person in enumerate(contributors)]
    page.corrections = [Correction(corrected_at=at, text=text, sort_order=order) for order, text in enumerate(corrections)]
    page.countries, page.regions, page.issues = list(countries), list(regions), list(issues)
    page.main_country = next(iter(page.countries.all()), None)
    index(kind).add_child(instance=page)
    return page


def block(text: str | dict[str, Any]) -> Any:
    """A paragraph from a text; a raw block as it is. Both as pairs, which is what a stream takes."""
    if isinstance(text, dict):
        return text["type"], text["value"]
    return "paragraph", text if text.startswith("<") else f"<p>{text}</p>"


def index(kind: str) -> ArticleIndex:
    if not (found := ArticleIndex.objects.filter(article_type=kind).first()):
        site()
        found = ArticleIndex.objects.get(slug=INDEX_SLUGS[kind])
    return found


def published(article: Article, *, by: Any = None, **changes: Any) -> Article:
    """Change an article as the desk does: a new revision, published."""
    draft = article.get_latest_revision_as_object()
    for name, value in changes.items():
        setattr(draft, name, value)
    draft.save_revision(user=by).publish(user=by)
    return type(article).objects.get(pk=article.pk)


def contributor(name: str = "", **fields: Any) -> Contributor:
    name = name or f"Contributor {next(_numbers)}"
    return Contributor.objects.create(name=name, **{"slug": slugify(name), "standfirst": f"{name} writes for us."} | fields)


def country(name: str = "Kenya", *, code: str = "", regions: Iterable[Region] = (), **fields: Any) -> Country:
    """The country of this name, made where it is missing; its code, if none is given, is one that nobody has."""
    found, _ = Country.objects.get_or_create(
        name=name, defaults={"slug": slugify(name), "code": code or CODES.get(name) or _spare_code()} | fields
    )
    found.regions.add(*regions)
    return found


CODES = {"Kenya": "KE", "Ethiopia": "ET", "Egypt": "EG", "Russia": "RU", "North Korea": "KP", "France": "FR", "Japan": "JP"}


def _spare_code() -> str:
    number = next(_numbers)
    return f"{chr(ord('A') + number // 26 % 26)}{chr(ord('a') + number % 26)}"


def region(name: str = "Africa", **fields: Any) -> Region:
    return Region.objects.get_or_create(name=name, defaults={"slug": slugify(name)} | fields)[0]


def issue(name: str = "Water", **fields: Any) -> Issue:
    return Issue.objects.get_or_create(name=name, defaults={"slug": slugify(name)} | fields)[0]


def section(name: str = "Diplomacy", **fields: Any) -> Section:
    return Section.objects.get_or_create(name=name, defaults={"slug": slugify(name)} | fields)[0]


def series(name: str = "The Long Border", **fields: Any) -> Series:
    return Series.objects.get_or_create(name=name, defaults={"slug": slugify(name)} | fields)[0]


def image(title: str = "A dam at noon", *, width: int = 1600, height: int = 900) -> Any:
    """A picture in one colour."""
    drawn = BytesIO()
    PillowImage.new("RGB", (width, height), "teal").save(drawn, "PNG")
    return get_image_model().objects.create(
        title=title, description=title, file=ContentFile(drawn.getvalue(), f"picture-{next(_numbers)}.png")
    )


def document(name: str = "talk.mp3", *, content: bytes = b"recorded") -> Any:
    return get_document_model().objects.create(title=name, file=ContentFile(content, name))
