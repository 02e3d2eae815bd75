"""Readers and what they hold: terms, the month's openings, institutions' networks, readings, and the rules of the meter."""

from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models.functions import Lower
from django.utils.crypto import salted_hmac
from wagtail.contrib.settings.models import BaseGenericSetting, register_setting

from broadsheet.membership import policy, seating  # noqa: F401 - its models are this app's

MOST_FREE = 40  # a pass holds 60 stories; some room for first articles, and for what was opened before registering
MOST_ANONYMOUS = 10
DESK = "wagtailadmin.access_admin"  # the permission that makes staff


class ReaderManager(BaseUserManager["Reader"]):
    def create_user(self, email: str, password: str | None = None, **fields: object) -> "Reader":
        reader = self.model(email=self.normalize_email(email), **fields)
        reader.set_password(password)
        reader.save(using=self._db)
        return reader

    def create_superuser(self, email: str, password: str | None = None, **fields: object) -> "Reader":
        return self.create_user(email, password, is_superuser=True, **fields)


class Allowance(models.Model):
    """What one person's addresses share: plus-addresses and Gmail's dots lead to one allowance. Locked when it is spent.

    A visitor's has a key drawn by lot, and ends when it is merged into a reader's or its month is over.
    """

    address_key = models.CharField(max_length=64, unique=True, help_text="hash of the canonical address, or a visitor's")

    def __str__(self) -> str:
        return self.address_key


class Reader(AbstractBaseUser, PermissionsMixin):
    """Whoever has an account, staff too. No username; names are blank until somebody gives one."""

    email = models.EmailField("e-mail address", max_length=254)
    first_name = models.CharField(max_length=150, blank=True)
    last_name = models.CharField(max_length=150, blank=True)
    is_active = models.BooleanField(default=True)
    joined_at = models.DateTimeField(null=True, blank=True)
    confirmed_at = models.DateTimeField(null=True, blank=True)
    credential = models.PositiveIntegerField(default=0, editable=False, help_text="Grows when all sessions end.")
    allowance = models.ForeignKey(Allowance, null=True, blank=True, on_delete=models.SET_NULL, related_name="readers")
    no_history_since = models.DateTimeField(null=True, blank=True, editable=False, help_text="Readings bear no name.")

    objects = ReaderManager()
    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        constraints = [
            models.UniqueConstraint(
                Lower("email"), name="one_reader_an_address", violation_error_message="Somebody already has this address."
            )
        ]

    def __str__(self) -> str:
        return self.get_full_name() or self.email

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self.password:
            self.set_unusable_password()  # an empty one would count as a password to log in with
        super().save(*args, **kwargs)

    def _get_session_auth_hash(self, secret: str | None = None) -> str:
        """Django compares this at each request: a session made under an older credential is none."""
        value = f"{self.password}/{self.credential}"
        return salted_hmac("broadsheet.membership.Reader", value, secret=secret, algorithm="sha256").hexdigest()

    @property
    def is_staff(self) -> bool:
        return self.is_superuser or self.has_perm(DESK)

    def get_full_name(self) -> str:
        return f"{self.first_name} {self.last_name}".strip()

    def get_short_name(self) -> str:
        return self.first_name or self.email.partition("@")[0]


class Terms(models.QuerySet["Term"]):
    def put_behind(self) -> "Terms":
        """Those that are to follow what their reader has: a redeemed year, days more. By hand on the desk nothing is."""
        return self.filter(source__in=(Term.Source.COMP, Term.Source.GIFT)).exclude(reference="")


class Term(models.Model):
    """One period in which a reader may read all, and how it came about. Half-open: `ends_at` is the first moment without."""

    class Source(models.TextChoices):
        SUBSCRIPTION = "subscription"
        COMP = "comp"
        SEAT = "seat"
        GIFT = "gift"

    class Payment(models.TextChoices):
        PAID = "paid"
        PAST_DUE = "past_due", "Charge failed"
        LAPSED = "lapsed"

    reader = models.ForeignKey(Reader, on_delete=models.CASCADE, related_name="terms")
    source = models.CharField(max_length=12, choices=Source)
    payment = models.CharField(max_length=8, choices=Payment, default=Payment.PAID)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField(null=True, blank=True, help_text="Empty: without an end.")
    note = models.CharField(max_length=200, blank=True)
    reference = models.CharField(max_length=120, blank=True, editable=False, help_text="Whose record this follows.")

    objects = Terms.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(ends_at=None) | models.Q(ends_at__gt=models.F("starts_at")),
                name="a_term_ends_after_it_starts",
                violation_error_message="A term must end after it starts.",
            ),
            models.UniqueConstraint(fields=["reference"], condition=~models.Q(reference=""), name="one_term_a_reference"),
        ]

    def __str__(self) -> str:
        return f"{self.reader}: {self.source} from {self.starts_at:%Y-%m-%d}"

    def value(self) -> policy.Term:
        return policy.Term(starts_at=self.starts_at, ends_at=self.ends_at, payment=policy.Payment(self.payment))


class Knock(models.Model):
    """Somebody at the door: an address was sent, and a code and a link went to it. Nobody has an account by this alone.

    Code and link are kept as hashes, die together, and open once. `story` is the first article that this browser was given.
    """

    address = models.EmailField(max_length=254)
    address_key = models.CharField(max_length=64, db_index=True)
    code_hash = models.CharField(max_length=64)
    link_hash = models.CharField(max_length=64, unique=True)
    next_path = models.CharField(max_length=500)
    story = models.CharField(max_length=40, blank=True)
    visitor = models.ForeignKey(Allowance, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    tries = models.PositiveSmallIntegerField(default=0)
    knocked_at = models.DateTimeField(db_index=True)
    expires_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.address}, {self.knocked_at:%Y-%m-%d %H:%M}"


class NetworkDay(models.Model):
    """How many articles one network has opened on one day without a confirmed address."""

    network = models.CharField(max_length=64)
    day = models.DateField()
    opened = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["network", "day"], name="one_count_a_network_and_day")]

    def __str__(self) -> str:
        return f"{self.day}: {self.opened}"


class Consent(models.Model):
    """What a reader agreed to, in the words that were shown."""

    reader = models.ForeignKey(Reader, on_delete=models.CASCADE, related_name="consents")
    what = models.CharField(max_length=40)
    text_shown = models.TextField()
    given_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["reader", "what"], name="a_reader_agrees_once_to_a_thing")]

    def __str__(self) -> str:
        return f"{self.reader}: {self.what}"


class Opening(models.Model):
    """A metered story opened in a month, and open to its end. `counted` is false for a reader's very first article."""

    allowance = models.ForeignKey(Allowance, on_delete=models.CASCADE, related_name="openings")
    month = models.DateField(help_text="its first day, in the publication's zone")
    story = models.CharField(max_length=40)
    counted = models.BooleanField(default=True)
    opened_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["allowance", "month", "story"], name="a_story_opens_once_a_month"),
            models.UniqueConstraint(
                fields=["allowance"], condition=models.Q(counted=False), name="one_first_article_an_allowance"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.story} in {self.month:%Y-%m}"


class Revocation(models.Model):
    """Passes of this reader made before this number no longer hold."""

    change = models.BigIntegerField(unique=True)
    reader_id = models.BigIntegerField()
    why = models.CharField(max_length=60)
    revoked_at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return f"{self.change}: reader {self.reader_id}, {self.why}"


class Device(models.Model):
    """A browser in which a reader is logged in, or was until somebody ended it. Its network address is kept nowhere."""

    class Why(models.TextChoices):
        BY_READER = "by reader"
        CROWDED = "crowded"

    reader = models.ForeignKey(Reader, on_delete=models.CASCADE, related_name="devices")
    session_key = models.CharField(max_length=40, unique=True)
    described = models.CharField(max_length=60, help_text="browser and system, in words")
    began_at = models.DateTimeField()
    seen_at = models.DateTimeField(help_text="to the hour")
    ended_at = models.DateTimeField(null=True, blank=True, db_index=True)
    why = models.CharField(max_length=9, choices=Why, blank=True)

    def __str__(self) -> str:
        return f"{self.reader}: {self.described}"


class Erasure(models.Model):
    """A reader wants their account gone. Written before anything is, so that nothing stays half done; `address` goes with it."""

    reader = models.OneToOneField(Reader, on_delete=models.CASCADE, related_name="erasure")
    address = models.EmailField(max_length=254, blank=True, help_text="for the mail that says it is done")
    wanted_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True, blank=True, db_index=True)

    def __str__(self) -> str:
        return f"reader {self.reader_id}, wanted on {self.wanted_at:%Y-%m-%d}"


class Institution(models.Model):
    name = models.CharField(max_length=200)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return self.name


class Network(models.Model):
    """A range of addresses, as 32 hexadecimal digits of IPv6 (IPv4 mapped), both ends included."""

    institution = models.ForeignKey(Institution, on_delete=models.CASCADE, related_name="networks")
    as_written = models.CharField(max_length=120)
    first_address = models.CharField(max_length=32, editable=False)
    last_address = models.CharField(max_length=32, editable=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["institution", "first_address", "last_address"], name="an_institution_names_a_network_once"
            ),
            models.CheckConstraint(
                condition=models.Q(last_address__gte=models.F("first_address")), name="a_network_ends_where_it_starts_or_after"
            ),
        ]

    def __str__(self) -> str:
        return self.as_written


class Reading(models.Model):
    """A full cut served or a wall shown; folded in from the gates' spools."""

    key = models.CharField(max_length=80, unique=True, help_text="spool and line: folding twice equals folding once")
    story = models.CharField(max_length=40, db_index=True)
    reader_id = models.BigIntegerField(null=True, blank=True, db_index=True)
    institution_id = models.BigIntegerField(null=True, blank=True, db_index=True)
    reason = models.CharField(max_length=16)
    read_at = models.DateTimeField(db_index=True, help_text="to the minute")

    class Meta:
        indexes = [models.Index(fields=["reason", "read_at", "story"], name="readings_by_reason")]  # the figures of the wall

    def __str__(self) -> str:
        return f"{self.story}, {self.reason}"


class Deed(models.Model):
    """What staff did to a reader's account: who, whom, when, what. Never removed; it outlives both. `reference`: made once."""

    class Kind(models.TextChoices):
        COMP = "comp", "Gave free reading"
        TERM = "term", "Wrote a term"
        EXTEND = "extend", "Extended a term"
        END = "end", "Ended a term"
        REFUND = "refund", "Paid back"
        LOOK = "look", "Looked as the reader"
        LOOKED = "looked", "Stopped looking"

    by = models.ForeignKey(Reader, null=True, on_delete=models.SET_NULL, related_name="+")
    by_address = models.EmailField(max_length=254, help_text="Of whoever did it, as it was then.")
    reader = models.ForeignKey(Reader, null=True, on_delete=models.SET_NULL, related_name="deeds")
    kind = models.CharField(max_length=8, choices=Kind)
    what = models.CharField(max_length=300, blank=True)
    done_at = models.DateTimeField(db_index=True)
    reference = models.CharField(max_length=120, blank=True)

    class Meta:
        default_permissions = ("view",)
        permissions = [("look_as_reader", "Can look as a reader"), ("refund_charge", "Can pay a charge back")]
        constraints = [
            models.UniqueConstraint(fields=["reference"], condition=~models.Q(reference=""), name="one_deed_a_reference")
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.what}"


class Gift(models.Model):
    """An article that a reader with a standing gave away, by a link, under the house rules as they were then."""

    reader = models.ForeignKey(Reader, on_delete=models.CASCADE, related_name="gifts")
    story = models.CharField(max_length=40)
    path = models.CharField(max_length=500, help_text="where the story stood")
    given_at = models.DateTimeField(db_index=True)
    expires_at = models.DateTimeField(db_index=True)
    openings = models.PositiveIntegerField(help_text="in how many browsers it opens")
    opened = models.PositiveIntegerField(default=0)
    taken_back_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(opened__lte=models.F("openings")), name="a_gift_opens_so_often_and_no_more")
        ]

    def __str__(self) -> str:
        return f"{self.story}, given on {self.given_at:%Y-%m-%d}"


@register_setting
class MeterRules(BaseGenericSetting):
    """House rules of access, edited on the desk."""

    monthly_allowance = models.PositiveSmallIntegerField(
        "free articles a month", default=3, validators=[MaxValueValidator(MOST_FREE)]
    )
    first_articles_a_network = models.PositiveSmallIntegerField(
        "articles opened without a confirmed address, a network and day", default=20
    )
    anonymous_allowance = models.PositiveSmallIntegerField(
        "free articles a month without an account",
        default=0,
        validators=[MaxValueValidator(MOST_ANONYMOUS)],
        help_text="They count against the reader's own as soon as somebody registers. 0: registering comes first.",
    )
    grace_days = models.PositiveSmallIntegerField("days of grace after a failed charge", default=7)
    devices = models.PositiveSmallIntegerField(
        "devices logged in at once",
        default=5,
        help_text="One more logs out the one that was not used the longest. 0: as many as a reader likes.",
    )
    gifts_a_month = models.PositiveSmallIntegerField(
        "articles that a subscriber may give away a month",
        default=5,
        help_text="By a link that opens without an account. 0: none.",
    )
    gift_days = models.PositiveSmallIntegerField(
        "days for which such a link works", default=14, validators=[MinValueValidator(1), MaxValueValidator(90)]
    )
    gift_openings = models.PositiveSmallIntegerField(
        "readers for whom such a link works", default=25, validators=[MinValueValidator(1), MaxValueValidator(1_000)]
    )

    class Meta:
        verbose_name = "Access and the meter"
