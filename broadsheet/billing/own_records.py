"""What billing holds of a reader, and what ends before they are erased."""

from django.db.models import Q

from broadsheet.billing.actions.closing import close_account, what_ended, what_ends
from broadsheet.membership.actions.erasing import Before, before_erasing
from broadsheet.membership.records import Fate, Table, register

LAW = "What you bought and paid, by number, sum and day: tax law has us keep bills for years, and our payment partner too."
GIVEN = "A year that you gave stays given, with the name that you signed it with."
STANDS = Q(ended_at=None, wanted_back_at=None, paid_at__isnull=False)
SENDER = frozenset({"url", "giver", "reference", "payment"})

register(
    Table("billing.Customer", "reader", Fate.KEPT, "customers", why=LAW),
    Table("billing.Subscription", "customer__reader", Fate.KEPT, "subscriptions", why=LAW),
    Table("billing.Invoice", "customer__reader", Fate.KEPT, "invoices", why=LAW),
    Table("billing.Ending", "subscription__customer__reader", Fate.KEPT, "endings", why=LAW),
    Table("billing.PlanChange", "subscription__customer__reader", Fate.DELETED, "plan-changes", secret=frozenset({"state"})),
    Table("billing.GivenYear", "giver", Fate.KEPT, "years-given", GIVEN, secret=frozenset({"url", "recipient"}), told=STANDS),
    Table("billing.GivenYear", "recipient", Fate.UNLINKED, "years-got", secret=SENDER, blank=frozenset({"to_address"})),
    Table(
        "billing.Checkout", "reader", Fate.UNLINKED, "checkouts", secret=frozenset({"url"}), blank=frozenset({"url", "reference"})
    ),
)
before_erasing(Before(says=what_ends, does=close_account, did=what_ended))
