"""What the library holds of a reader."""

from broadsheet.membership.records import Fate, Table, register

register(
    Table("library.PutAside", "reader", Fate.DELETED, "reading-list"),
    Table("library.Follow", "reader", Fate.DELETED, "follows"),
    Table("library.Collection", "reader", Fate.DELETED, "collections", secret=frozenset({"token"})),
    Table("library.Piece", "collection__reader", Fate.DELETED, "collected"),
)
