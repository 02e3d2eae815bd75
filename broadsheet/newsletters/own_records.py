"""What the newsletters hold of a reader."""

from broadsheet.membership.records import Fate, Table, register

register(
    Table("newsletters.Signup", "reader", Fate.DELETED, "newsletters"),
    Table("newsletters.Wish", "address", Fate.DELETED, "newsletter-wishes", by_address=True, secret=frozenset({"link_hash"})),
    Table("newsletters.Delivery", "reader", Fate.DELETED, "editions-sent", secret=frozenset({"claim"})),
)
