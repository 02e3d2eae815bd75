"""The library's doors: readers' own shelves, and two countries together."""

from broadsheet.library.views.collections import add_to_collection, cite_collection, cite_shared, collection, collections, shared
from broadsheet.library.views.follows import follows
from broadsheet.library.views.history import history
from broadsheet.library.views.reading_list import reading_list
from broadsheet.library.views.relations import relation

__all__ = [
    "add_to_collection",
    "cite_collection",
    "cite_shared",
    "collection",
    "collections",
    "follows",
    "history",
    "reading_list",
    "relation",
    "shared",
]
