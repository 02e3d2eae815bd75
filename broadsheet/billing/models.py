"""What is sold, who holds it, and what Stripe told us: plans, coupons and prices, subscriptions, invoices, notices."""

from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.db.models.functions import Lower
from wagtail.contrib.settings.models import BaseGenericSetting, register_setting

from broadsheet.billing.currencies import written
from broadsheet.billing.policy import Status
from broadsheet.membership.models import Reader

SAID = {  # of a subscription, on the desk
    Status.INCOMPLETE: "first charge not answered yet",
    Status.INCOMPLETE_EXPIRED: "never paid",
    Status.TRIALING: "on trial",
    Status.ACTIVE: "active",
    Status.PAST_DUE: "charge failed, tried again",
    Status.UNPAID: "charge failed, given up",
    Status.CANCELED: "ended",
    Status.PAUSED: "trial over, no card",
}


class Plan(models.Model):
    """Something on offer. Once sold it is withdrawn, never removed: somebody may hold it."""

    class Kind(models.TextChoices):
        PERSONAL = "personal", "For one reader"
        STUDENT = "student", "For students"
        TEAM = "team", "For a team, by the seat"

    name = models.CharField(max_length=80)
    slug = models.SlugField(max_length=40, unique=True)
    kind = models.CharField(max_length=8, choices=Kind, default=Kind.PERSONAL)
    standfirst = models.CharField(max_length=200, blank=True, help_text="One sentence, under the name.")
    gives = models.TextField("what it gives", blank=True, help_text="A line each.")
    trial_days = models.PositiveSmallIntegerField("days of trial", default=0)
    least_seats = models.PositiveSmallIntegerField("least seats", default=1)
    order = models.PositiveSmallIntegerField(default=0)
    withdrawn_at = models.DateTimeField("withdrawn", null=True, blank=True, help_text="From then on nobody new can choose it.")
    product = models.CharField(max_length=64, blank=True, editable=False, help_text="Stripe's name for it.")

    class Meta:
        ordering = ["order", "name"]

    def __str__(self) -> str:
        return self.name


class Coupon(models.Model):
    """Something off, for whoever types its code at Stripe's Checkout, or with each price that names it as its introduction.

    As Stripe's, it is made once and never changes; it is withdrawn, and whoever has it keeps it.
    """

    class Lasts(models.TextChoices):
        ONCE = "once", "for the first payment"
        MONTHS = "repeating", "for a number of months"
        FOREVER = "forever", "for ever"

    name = models.CharField(max_length=40, help_text="As it stands on bills.")
    code = models.CharField(
        max_length=40,
        blank=True,
        validators=[RegexValidator(r"^[A-Za-z0-9-]+\Z", "Use letters, digits and dashes.")],
        help_text="What readers type. Empty: it is only an introductory offer.",
    )
    percent = models.PositiveSmallIntegerField(
        "percent off", null=True, blank=True, validators=[MinValueValidator(1), MaxValueValidator(100)]
    )
    amount = models.PositiveIntegerField(
        "amount off", null=True, blank=True, validators=[MinValueValidator(1)], help_text="In the smallest unit, as cents."
    )
    currency = models.CharField(max_length=3, blank=True, help_text="Of the amount: ISO 4217, as EUR.")
    lasts = models.CharField(max_length=9, choices=Lasts, default=Lasts.ONCE)
    months = models.PositiveSmallIntegerField(null=True, blank=True, validators=[MinValueValidator(1), MaxValueValidator(36)])
    most = models.PositiveIntegerField(
        "most redemptions", null=True, blank=True, validators=[MinValueValidator(1)], help_text="Empty: as many as come."
    )
    ends_at = models.DateTimeField(null=True, blank=True, help_text="From then on nobody new gets it.")
    plans = models.ManyToManyField(Plan, blank=True, related_name="coupons", help_text="None chosen: all plans.")
    new_only = models.BooleanField("for new subscribers only", default=True)
    withdrawn_at = models.DateTimeField("withdrawn", null=True, blank=True)
    reference = models.CharField(max_length=64, blank=True, editable=False, help_text="Stripe's name for it.")
    code_reference = models.CharField(max_length=64, blank=True, editable=False)
    code_closed = models.BooleanField(default=False, editable=False)
    redeemed = ""  # said on the desk, where Stripe was just asked

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(percent=None, amount__isnull=False) | models.Q(percent__isnull=False, amount=None),
                name="a_coupon_takes_off_percent_or_amount",
                violation_error_message="Give either a percentage or an amount.",
            ),
            models.CheckConstraint(
                condition=models.Q(lasts="repeating", months__isnull=False) | models.Q(~models.Q(lasts="repeating"), months=None),
                name="a_coupon_lasts_months_or_not",
                violation_error_message="A number of months belongs to “for a number of months”, and only there.",
            ),
            models.UniqueConstraint(
                Lower("code"),
                condition=models.Q(withdrawn_at=None) & ~models.Q(code=""),
                name="one_coupon_a_code",
                violation_error_message="Another coupon has this code. Withdraw that one first.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.code})" if self.code else self.name


class Price(models.Model):
    """What a plan costs, for how long, in one currency; of a team's plan, a seat. As Stripe's, it never changes."""

    class Every(models.TextChoices):
        MONTH = "month", "a month"
        QUARTER = "quarter", "a quarter"
        YEAR = "year", "a year"

    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="prices")
    every = models.CharField(max_length=7, choices=Every)
    currency = models.CharField(max_length=3, help_text="ISO 4217, as EUR.")
    amount = models.PositiveIntegerField(help_text="In the currency's smallest unit, as cents; tax included.")
    introduction = models.ForeignKey(
        Coupon,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="introduces",
        help_text="Taken off by itself, and said on the page of plans.",
    )
    withdrawn_at = models.DateTimeField("withdrawn", null=True, blank=True)
    reference = models.CharField(max_length=64, blank=True, editable=False, help_text="Stripe's name for it.")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["plan", "every", "currency"],
                condition=models.Q(withdrawn_at=None),
                name="one_price_on_offer_an_interval_and_currency",
            ),
            models.UniqueConstraint(fields=["reference"], condition=~models.Q(reference=""), name="one_price_a_reference"),
        ]

    def __str__(self) -> str:
        return f"{self.plan}, {written(self.amount, self.currency)} {self.get_every_display()}"

    @property
    def months(self) -> int:
        return {Price.Every.MONTH: 1, Price.Every.QUARTER: 3, Price.Every.YEAR: 12}[Price.Every(self.every)]


class Customer(models.Model):
    """A reader as Stripe knows them. One a mode: what was tried out is never taken for what was paid."""

    reader = models.ForeignKey(Reader, on_delete=models.PROTECT, related_name="customers")
    reference = models.CharField(max_length=64, unique=True)
    live = models.BooleanField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["reader", "live"], name="one_customer_a_reader_and_mode")]

    def __str__(self) -> str:
        return f"{self.reader}: {self.reference}"


class Subscription(models.Model):
    """What Stripe said of a subscription when last asked. `version` grows with each writing: who asked before it asks again."""

    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="subscriptions")
    price = models.ForeignKey(Price, null=True, blank=True, on_delete=models.PROTECT, related_name="subscriptions")
    reference = models.CharField(max_length=64, unique=True)
    live = models.BooleanField()
    status = models.CharField(max_length=18, choices=[(status.value, said) for status, said in SAID.items()])
    quantity = models.PositiveIntegerField(default=1)
    starts_at = models.DateTimeField()
    period_starts_at = models.DateTimeField()
    period_ends_at = models.DateTimeField(db_index=True)
    trial_ends_at = models.DateTimeField(null=True, blank=True)
    cancel_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True, db_index=True)
    paused = models.BooleanField("charges are paused", default=False)
    resumes_at = models.DateTimeField(null=True, blank=True, help_text="When a pause ends by itself.")
    coupon = models.ForeignKey(Coupon, null=True, blank=True, on_delete=models.PROTECT, related_name="subscriptions")  # redeemed
    first_charge = models.PositiveIntegerField(null=True, blank=True, help_text="When its trial ends, as Stripe reckons it.")
    version = models.PositiveIntegerField(default=0, editable=False)
    asked_at = models.DateTimeField(db_index=True)
    is_unknown = False  # said where it was just followed: at Stripe it is of a product that is not sold here

    def __str__(self) -> str:
        return f"{self.reference}, {self.get_status_display()}"


class Invoice(models.Model):
    """A bill as Stripe has it: for receipts and for the publisher's figures. Amounts in the currency's smallest unit."""

    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="invoices")
    subscription = models.ForeignKey(Subscription, null=True, blank=True, on_delete=models.PROTECT, related_name="invoices")
    reference = models.CharField(max_length=64, unique=True)
    number = models.CharField(max_length=64, blank=True)
    status = models.CharField(max_length=16)
    currency = models.CharField(max_length=3)
    due = models.IntegerField(default=0)
    paid = models.IntegerField(default=0)
    refunded = models.IntegerField(default=0)
    discount = models.IntegerField(default=0, help_text="What coupons took off.")
    credit = models.IntegerField(default=0, help_text="What a credit paid of it.")
    made_at = models.DateTimeField()
    paid_at = models.DateTimeField(null=True, blank=True, db_index=True)

    def __str__(self) -> str:
        return self.number or self.reference

    @property
    def is_given_up(self) -> bool:
        """Open at Stripe still, but nobody is asked for it any more."""
        return self.status == "open" and self.subscription is not None and self.subscription.ended_at is not None


class Notice(models.Model):
    """Stripe told us that something changed. It only says where to look; it is kept once, and heeded until that succeeds."""

    reference = models.CharField(max_length=64, unique=True)
    kind = models.CharField(max_length=80)
    about = models.CharField(max_length=64, help_text="The object that it names.")
    subscription = models.CharField(max_length=64, blank=True)
    customer = models.CharField(max_length=64, blank=True)
    live = models.BooleanField()
    signature = models.CharField(max_length=64, blank=True, editable=False, help_text="Hash of the one that it came with.")
    said_at = models.DateTimeField(db_index=True, help_text="Stripe's moment.")
    came_at = models.DateTimeField(db_index=True)
    heeded_at = models.DateTimeField(null=True, blank=True, db_index=True)
    tries = models.PositiveSmallIntegerField(default=0)
    trouble = models.CharField(max_length=300, blank=True)

    def __str__(self) -> str:
        return f"{self.kind} of {self.about}"


class Mode(models.Model):
    """Which of Stripe's modes the names in the rows above are of, and those of the other one, by model and number."""

    ONLY = 1
    live = models.BooleanField()
    put_by = models.JSONField(default=dict)

    def __str__(self) -> str:
        return "live" if self.live else "test"


class Checkout(models.Model):
    """A reader on the way to pay, at Stripe. A second click leads to the same page, another choice ends the first.

    What was bought there stays for the figures, whatever becomes of the subscription, and of its reader, whom it then forgets.
    """

    reader = models.ForeignKey(Reader, null=True, on_delete=models.SET_NULL, related_name="checkouts")
    price = models.ForeignKey(Price, on_delete=models.PROTECT, related_name="+")
    quantity = models.PositiveIntegerField(default=1)
    next_path = models.CharField(max_length=500)
    reference = models.CharField(max_length=80, blank=True, db_index=True)
    url = models.TextField(blank=True)
    began_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    bought_at = models.DateTimeField(null=True, blank=True, db_index=True, help_text="When what was bought here began.")
    live = models.BooleanField("bought with real money", default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["reader"], condition=models.Q(ended_at=None), name="a_reader_pays_for_one_thing_at_a_time"
            )
        ]

    def __str__(self) -> str:
        return f"{self.reader}: {self.price}"


class Ending(models.Model):
    """A reader ended a subscription at once, or withdrew from it. Written before Stripe is asked: the sweep goes on with it.

    `parts`: of each charge, by Stripe's name, how much goes back. Where it was withdrawn from, all that is left of all of them.
    """

    subscription = models.OneToOneField(Subscription, on_delete=models.PROTECT, related_name="ending")
    refund = models.PositiveIntegerField(default=0)
    parts = models.JSONField(default=dict)
    reckoned = models.TextField(blank=True, help_text="How the sum came out, as its reader was shown it.")
    withdrawn = models.BooleanField("by withdrawing from the contract", default=False)
    wanted_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True, blank=True, db_index=True)

    def __str__(self) -> str:
        return f"{self.subscription}: {self.refund}"


class PlanChanges(models.QuerySet["PlanChange"]):
    def under_way(self) -> "PlanChanges":
        """Asked of Stripe, and not known yet to be done."""
        return self.filter(wanted_at__isnull=False, done_at=None, dropped_at=None)


class PlanChange(models.Model):
    """Another price or number of seats, as it was shown to the reader; and once they want it, what became of that.

    `due` is charged at once; `kept` is what is left over then, and taken off the next bills.
    """

    subscription = models.ForeignKey(Subscription, on_delete=models.PROTECT, related_name="changes")
    price = models.ForeignKey(Price, on_delete=models.PROTECT, related_name="+")
    quantity = models.PositiveIntegerField(default=1)
    due = models.PositiveIntegerField()
    kept = models.PositiveIntegerField()
    renews_at = models.DateTimeField()
    state = models.CharField(max_length=64, help_text="Hash of what Stripe had when it was shown.")
    shown_at = models.DateTimeField()
    wanted_at = models.DateTimeField(null=True, blank=True)
    done_at = models.DateTimeField(null=True, blank=True)
    dropped_at = models.DateTimeField(null=True, blank=True, help_text="Nothing was changed.")
    trouble = models.CharField(max_length=200, blank=True, help_text="Why nothing was.")
    with_coupon = False  # said where it was just shown: what a coupon takes off its renewals is not in our rows

    objects = PlanChanges.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["subscription"],
                condition=models.Q(wanted_at__isnull=False, done_at=None, dropped_at=None),
                name="a_subscription_is_changed_once_at_a_time",
            )
        ]

    def __str__(self) -> str:
        return f"{self.subscription}: {self.price}"


class GivenYear(models.Model):
    """A year that somebody pays for somebody else. Its code is made of its number and our secret, and lies nowhere."""

    giver = models.ForeignKey(Reader, null=True, on_delete=models.SET_NULL, related_name="years_given")
    price = models.ForeignKey(Price, on_delete=models.PROTECT, related_name="+")
    to_address = models.EmailField(max_length=254)
    from_name = models.CharField(max_length=80)
    message = models.CharField(max_length=300, blank=True)
    deliver_at = models.DateTimeField(db_index=True)
    reference = models.CharField(max_length=80, blank=True, db_index=True, help_text="Stripe's name for its Checkout.")
    payment = models.CharField(max_length=80, blank=True, help_text="Stripe's name for its payment.")
    url = models.TextField(blank=True)
    began_at = models.DateTimeField()
    paid_at = models.DateTimeField(null=True, blank=True)
    delivered_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True, help_text="Paid back, or never paid.")
    redeemed_at = models.DateTimeField(null=True, blank=True)
    recipient = models.ForeignKey(Reader, null=True, blank=True, on_delete=models.SET_NULL, related_name="years_got")
    live = models.BooleanField("paid with real money")
    sent_again = models.PositiveSmallIntegerField(default=0, help_text="How often its mail was, as its giver asked.")
    wanted_back_at = models.DateTimeField(null=True, blank=True, help_text="Its giver asked for the money.")
    paid_back_at = models.DateTimeField(null=True, blank=True, help_text="And all of it went back.")

    def __str__(self) -> str:
        return f"{self.from_name}, {self.began_at:%Y-%m-%d}"

    @property
    def term_reference(self) -> str:
        return f"given year {self.pk}"


@register_setting
class SellingRules(BaseGenericSetting):
    """House rules of what is sold, edited on the desk."""

    seller = models.TextField(
        "who sells, as receipts say it",
        blank=True,
        max_length=600,
        help_text="Name, postal address, tax number, a line each. Empty: the publication's name and its address on the web.",
    )
    asks_tax_id = models.BooleanField(
        "ask buyers for a tax number",
        default=False,
        help_text="On the payment page, for whoever has one. Receipts print it. The name and address are asked for always.",
    )
    withdrawal_days = models.PositiveSmallIntegerField(
        "days for withdrawing from a new subscription",
        default=14,
        validators=[MaxValueValidator(365)],
        help_text="Whole days after the day of purchase, with all of the money back. The law of the European Union asks for 14. "
        "0: nobody can.",
    )
    pause_months = models.PositiveSmallIntegerField(
        "months for which a subscription can be paused",
        default=3,
        validators=[MaxValueValidator(12)],
        help_text="In whole periods: one by the year is paused for twelve months or not at all. 0: none is.",
    )

    class Meta:
        verbose_name = "Selling"
