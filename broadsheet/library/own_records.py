"""What the library holds of a reader."""

from broadsheet.membership.records import Fate, Table, register

register(
    Table("library.PutAside", "reader", Fate.DELETED, "reading-list"),
    Table(
        "library.Candidate",
        "alert__reader",
        Fate.DELETED,
        why="Articles that an alert may tell of: whether you may read what it looks for in them is asked when it does.",
    ),
    Table("library.Alert", "reader", Fate.DELETED, "alerts", secret=frozenset({"feed"})),
    Table("library.Heard", "reader", Fate.DELETED, "told-by-alerts"),
    Table("library.Follow", "reader", Fate.DELETED, "follows"),
    Table("library.Collection", "reader", Fate.DELETED, "collections", secret=frozenset({"token"})),
    Table("library.Piece", "collection__reader", Fate.DELETED, "collected"),
)
