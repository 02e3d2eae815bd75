"""The library's doors: search by hand and by program, readers' own shelves, and two countries together."""

from broadsheet.library.views.alerts import alert_feed, alerts, end_alert
from broadsheet.library.views.api import api_search, api_suggest, openapi
from broadsheet.library.views.collections import (
    add_to_collection,
    cite_collection,
    cite_shared,
    collection,
    collection_along,
    collections,
    shared,
    shared_along,
)
from broadsheet.library.views.follows import follows
from broadsheet.library.views.history import history
from broadsheet.library.views.reading_list import before_putting_aside, reading_list, reading_list_along
from broadsheet.library.views.relations import compare_country, compare_issue, compare_relation, relation
from broadsheet.library.views.search import search, search_help

__all__ = [
    "add_to_collection",
    "alert_feed",
    "alerts",
    "api_search",
    "api_suggest",
    "before_putting_aside",
    "cite_collection",
    "cite_shared",
    "collection",
    "collection_along",
    "collections",
    "compare_country",
    "compare_issue",
    "compare_relation",
    "end_alert",
    "follows",
    "history",
    "openapi",
    "reading_list",
    "reading_list_along",
    "relation",
    "search",
    "search_help",
    "shared",
    "shared_along",
]
