"""What the newsletters hold of a reader."""

from broadsheet.membership.records import Fate, Table, register

register(
    Table("newsletters.Signup", "reader", Fate.DELETED, "newsletters"),
    Table("newsletters.Delivery", "reader", Fate.DELETED, "editions-sent", secret=frozenset({"claim"})),
)
