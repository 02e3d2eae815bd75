"""What the wire holds of whoever works at its desk."""

from broadsheet.membership.records import Fate, Table, register

WORK = "What was done at the desk stays as the house's record; it no longer says by whom."

register(
    Table("wire.Seen", "reader", Fate.DELETED, "stories-seen"),
    Table("wire.Deed", "by", Fate.UNLINKED, why=WORK),
    Table("wire.Pick", "picked_by", Fate.UNLINKED, why=WORK),
    Table("wire.Refusal", "by", Fate.UNLINKED, why=WORK),
)
