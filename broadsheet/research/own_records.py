"""What research holds of a reader."""

from broadsheet.membership.records import Fate, Table, register

register(
    Table("research.Enquiry", "reader", Fate.DELETED, "questions", secret=frozenset({"token", "mark"})),
    Table(
        "research.Tally",
        "reader",
        Fate.DELETED,
        why="How much you asked, were quoted and had gathered on each of the last days. It is forgotten after two.",
    ),
    Table(
        "research.Point",
        "dossier__reader",
        Fate.DELETED,
        why="Quotations in your own dossiers: whether you may read them is asked each time that you look.",
    ),
    Table(
        "research.Change",
        "dossier__reader",
        Fate.DELETED,
        why="What changed in your own dossiers, in quotations too: whether you may read them is asked each time that you look.",
    ),
    Table("research.Following", "reader", Fate.DELETED, "dossiers-followed"),
    Table("research.Dossier", "reader", Fate.DELETED, "dossiers"),
    Table("research.Choice", "briefing__reader", Fate.DELETED, "briefing-choices"),
    Table("research.Briefing", "reader", Fate.DELETED, "briefing"),
    Table("research.Brought", "reader", Fate.DELETED, "brought-by-briefings", secret=frozenset({"why"})),
    Table("research.Morning", "reader", Fate.DELETED, "briefings-brought"),
)
