"""Wagtail's own indexes of articles whose rows were written without its signals: what refers to what, and the desk's search.

Its commands hold one transaction over the whole library; on SQLite nothing else could be written meanwhile.
"""

from collections import defaultdict
from collections.abc import Sequence

from django.db import transaction
from wagtail.models import ReferenceIndex
from wagtail.search.backends import get_search_backend

from broadsheet.newsroom.models import Article

AT_ONCE = 20  # articles a transaction: a tenth of a second


def index_articles(ids: Sequence[int]) -> None:
    """Twice equals once."""
    search = get_search_backend()
    for begin in range(0, len(ids), AT_ONCE):
        some = Article.objects.filter(pk__in=ids[begin : begin + AT_ONCE])
        articles = list(some.specific().prefetch_related("countries", "bylines__contributor"))
        by_type = defaultdict(list)
        for article in articles:
            by_type[type(article)].append(article)
        with transaction.atomic():
            for article in articles:
                ReferenceIndex.create_or_update_for_object(article)
            for model, alike in by_type.items():
                search.add_bulk(model, alike)
