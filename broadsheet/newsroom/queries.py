"""What other rooms ask the newsroom: which articles may be printed, where pages stand."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.db.models import Q, QuerySet
from django.utils.module_loading import import_string
from wagtail.models import Page, ReferenceIndex

from broadsheet.newsroom.addresses import path_of
from broadsheet.newsroom.models import Article


def wall_allowance() -> int:
    """The free articles a month that walls promise: settings.WALL_ALLOWANCE names who knows."""
    allowance: int = import_string(settings.WALL_ALLOWANCE)()
    return allowance


def alike(article: int, text: str) -> Mapping[int, float]:
    """By their numbers articles that say the like, and how much, as far as strangers may know: settings.ALIKE names who knows.

    `text`: of an article that nobody has read yet.
    """
    found: Mapping[int, float] = import_string(settings.ALIKE)(article, text)
    return found


def lifted(at: datetime | None, *, of: str = "") -> Q:
    """No embargo holds at this moment; without a moment, there is none. `of` leads from the queried rows to the article."""
    none = Q(**{f"{of}embargoed_until": None})
    return none | Q(**{f"{of}embargoed_until__lte": at}) if at else none


def printable(*, at: datetime) -> QuerySet[Article]:
    """Articles that readers may have at this moment, in some cut: `policy.is_printable` as a query."""
    articles: QuerySet[Article] = Article.objects.filter(lifted(at), live=True, withdrawn_at=None)
    return articles


def articles_showing(image: Any) -> set[int]:
    """Articles with this picture at their head or in their text, live or not."""
    heads = set(Article.objects.filter(lead_image=image).values_list("pk", flat=True))
    of_pages = ReferenceIndex.get_references_to(image).filter(base_content_type=ContentType.objects.get_for_model(Page))
    mentioned = {int(pk) for pk in of_pages.values_list("object_id", flat=True).distinct()}
    return heads | set(Article.objects.filter(pk__in=mentioned).values_list("pk", flat=True))


def paths_of(page_ids: Iterable[int], *, at: datetime | None) -> dict[int, str]:
    """Paths of those pages that readers can open; without a moment, whatever has an embargo is left out."""
    ids = set(page_ids)
    if not ids:
        return {}
    closed = Article.objects.filter(pk__in=ids).exclude(lifted(at), withdrawn_at=None)
    pages = Page.objects.filter(pk__in=ids, live=True, depth__gt=1).exclude(pk__in=closed.values("pk"))
    return {pk: path_of(url_path) for pk, url_path in pages.values_list("pk", "url_path")}
