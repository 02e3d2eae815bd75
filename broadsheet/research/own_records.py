"""What research holds of a reader."""

from broadsheet.membership.records import Fate, Table, register

register(
    Table("research.Enquiry", "reader", Fate.DELETED, "questions", secret=frozenset({"token", "mark"})),
    Table(
        "research.Tally",
        "reader",
        Fate.DELETED,
        why="How much you asked and were quoted on each of the last days. It is forgotten after two.",
    ),
)
