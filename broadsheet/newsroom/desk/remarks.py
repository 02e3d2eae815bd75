"""A manuscript as the checks look at it, gathered from an article saved or not."""

from collections.abc import Iterator, Sequence

from django.conf import settings
from wagtail.models import Page

from broadsheet.access.terms import Audience
from broadsheet.kit import clock
from broadsheet.newsroom import policy
from broadsheet.newsroom.addresses import AXIS_OF_FOLDER, INDEX_SLUGS, WORDS_OF_LISTS, path_on
from broadsheet.newsroom.cutting import cut
from broadsheet.newsroom.models import Article, FrontPage, NewsroomRules
from broadsheet.newsroom.policy import Manuscript
from broadsheet.newsroom.print_blocks import Bearings, flat, linked_addresses, linked_pages, pieces
from broadsheet.newsroom.ties import AXIS_MODELS
from broadsheet.newsroom.words import RawStream


def remarks_on(article: Article) -> list[str]:
    return policy.warnings(manuscript_of(article), at=clock.now())  # noqa: TID251  (a form that is being shown is a door)


def manuscript_of(article: Article) -> Manuscript:
    streams = article.streams()
    gated = Audience(article.audience) is not Audience.OPEN
    # Gated or not: the wall's place is remarked on before the audience changes.
    cutting = cut(streams, Bearings(), gated=True, least=NewsroomRules.load().cut_words)
    blocks = [block for stream in streams for block in flat(stream)]
    texts = [piece for stream in streams for piece in pieces(stream, Bearings()) if piece.kind in {"paragraph", "answer"}]
    return Manuscript(
        standfirst=article.standfirst,
        countries=article.countries.count(),
        regions=article.regions.count(),
        bylines=article.bylines.count(),
        free_words=cutting.free_words,
        rest_words=cutting.rest_words,
        gated=gated,
        wall_at_the_end=cutting.wall_at_the_end,
        pictures_without_alt=sum(block["type"] == "picture" and not block["value"].get("alt") for block in blocks)
        + bool(article.lead_image and not article.lead_image.default_alt_text.strip()),
        longest_paragraph=max((piece.words for piece in texts), default=0),
        embargoed_until=article.embargoed_until,
        withdrawn_at=article.withdrawn_at,
        dead_links=tuple(dead_links(streams)),
    )


def dead_links(streams: Sequence[RawStream]) -> Iterator[str]:
    """Links to articles and to values of axes that are not there, and to pages that are not live; of others nothing is said."""
    for address in linked_addresses(streams):
        path = path_on(settings.BASE_URL, address)
        if path and not _stands(path):
            yield path
    linked = Page.objects.filter(pk__in=linked_pages(streams), live=False)
    yield from (page.specific.address for page in linked)


def _stands(path: str) -> bool:
    folder, _, rest = path.strip("/").partition("/")
    slug = rest.partition("/")[0]
    if not slug or slug in WORDS_OF_LISTS:
        return True
    if axis := AXIS_OF_FOLDER.get(folder):
        return bool(AXIS_MODELS[axis].objects.filter(slug=slug).exists())
    if folder not in INDEX_SLUGS.values() or slug.isdigit() or slug.startswith("feed."):
        return True
    root = FrontPage.objects.values_list("url_path", flat=True)[0]
    return Page.objects.filter(url_path=f"{root}{folder}/{rest.strip('/')}/", live=True).exists()
