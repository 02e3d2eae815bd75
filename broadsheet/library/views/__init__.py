"""The library's doors: readers' own shelves."""

from broadsheet.library.views.collections import cite_collection, cite_shared, collection, collections, shared
from broadsheet.library.views.follows import follows
from broadsheet.library.views.history import history
from broadsheet.library.views.reading_list import reading_list

__all__ = [
    "cite_collection",
    "cite_shared",
    "collection",
    "collections",
    "follows",
    "history",
    "reading_list",
    "shared",
]
