"""What the library remembers: how the archive hangs together, and what readers keep of it."""

from broadsheet.library.models.alerts import Alert, Candidate, Heard, Reached
from broadsheet.library.models.gleanings import Gleaning, Linked, Named, Relation, Telling, ToldOf
from broadsheet.library.models.rules import LibraryRules
from broadsheet.library.models.shelves import Collection, Follow, Piece, PutAside

__all__ = [
    "Alert",
    "Candidate",
    "Collection",
    "Follow",
    "Gleaning",
    "Heard",
    "LibraryRules",
    "Linked",
    "Named",
    "Piece",
    "PutAside",
    "Reached",
    "Relation",
    "Telling",
    "ToldOf",
]
