"""The sitemap of relations pages, with the day on which an article on both last changed, as far as strangers may know."""

import re
from datetime import datetime

from broadsheet.library import policy, together
from broadsheet.library.subjects import relation_path
from broadsheet.newsroom.models import Country
from broadsheet.press import kinds, sitemaps
from broadsheet.press.kinds import PageKind, Sheet

PATH = "/sitemap-relations.xml"


def register_page() -> None:
    kinds.register(PageKind("sitemap-relations", re.compile(re.escape(PATH)), compose))
    sitemaps.name_on_the_index(PATH)


def compose(path: str, match: re.Match[str], at: datetime) -> Sheet:
    slugs = {policy.country(code): slug for code, slug in Country.objects.values_list("code", "slug")}
    changed = sorted(
        (relation_path(slugs[one], slugs[other]), changed_at)
        for (one, other), changed_at in together.pairs_changed().items()
        if one in slugs and other in slugs
    )
    keys = frozenset({"sitemap", policy.RELATIONS, policy.RULES})
    return Sheet(path=path, html=sitemaps.urlset(changed), keys=keys, content_type=sitemaps.XML)
