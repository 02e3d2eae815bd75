"""A manuscript as the checks look at it, gathered from an article saved or not."""

from broadsheet.access.terms import Audience
from broadsheet.newsroom.cutting import cut
from broadsheet.newsroom.models import Article, NewsroomRules
from broadsheet.newsroom.policy import Manuscript
from broadsheet.newsroom.print_blocks import Bearings, flat, pieces


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
    )
