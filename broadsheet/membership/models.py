"""Readers and what they hold: terms, the month's openings, institutions' networks, readings, and the rules of the meter."""

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.db import models
from django.db.models.functions import Lower
from wagtail.contrib.settings.models import BaseGenericSetting, register_setting


class ReaderManager(BaseUserManager["Reader"]):
    def create_user(self, email: str, password: str | None = None, **fields: object) -> "Reader":
        reader = self.model(email=self.normalize_email(email), **fields)
        reader.set_password(password)
        reader.save(using=self._db)
        return reader

    def create_superuser(self, email: str, password: str | None = None, **fields: object) -> "Reader":
        return self.create_user(email, password, is_superuser=True, **fields)


class Allowance(models.Model):
    """What one person's addresses share: plus-addresses and Gmail's dots lead to one allowance. Locked when it is spent."""

    address_key = models.CharField(max_length=64, unique=True, help_text="hash of the canonical address")

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
    allowance = models.ForeignKey(Allowance, null=True, blank=True, on_delete=models.SET_NULL, related_name="readers")

    objects = ReaderManager()
    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: list[str] = []

    class Meta:
        constraints = [models.UniqueConstraint(Lower("email"), name="one_reader_an_address")]

    def __str__(self) -> str:
        return self.get_full_name() or self.email

    @property
    def is_staff(self) -> bool:
        return self.is_superuser or self.has_perm("wagtailadmin.access_admin")

    def get_full_name(self) -> str:
        return f"{self.first_name} {self.last_name}".strip()

    def get_short_name(self) -> str:
        return self.first_name or self.email.partition("@")[0]


class Term(models.Model):
    """One period in which a reader may read all, and how it came about. Half-open: `ends_at` is the first moment without."""

    class Source(models.TextChoices):
        SUBSCRIPTION = "subscription"
        COMP = "comp"

    class Payment(models.TextChoices):
        PAID = "paid"
        PAST_DUE = "past_due"
        LAPSED = "lapsed"

    reader = models.ForeignKey(Reader, on_delete=models.CASCADE, related_name="terms")
    source = models.CharField(max_length=12, choices=Source)
    payment = models.CharField(max_length=8, choices=Payment, default=Payment.PAID)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField(null=True, blank=True, help_text="Empty: without an end.")
    note = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(ends_at=None) | models.Q(ends_at__gt=models.F("starts_at")),
                name="a_term_ends_after_it_starts",
            )
        ]

    def __str__(self) -> str:
        return f"{self.reader}: {self.source} from {self.starts_at:%Y-%m-%d}"


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

    def __str__(self) -> str:
        return f"{self.story}, {self.reason}"


@register_setting
class MeterRules(BaseGenericSetting):
    """House rules of access, edited on the desk."""

    monthly_allowance = models.PositiveSmallIntegerField("free articles a month", default=3)
    first_articles_a_network = models.PositiveSmallIntegerField(
        "articles opened by unconfirmed addresses, a network and day", default=20
    )
    grace_days = models.PositiveSmallIntegerField("days of grace after a failed charge", default=7)

    class Meta:
        verbose_name = "Access and the meter"
