"""The outbox: every mail is a row before it is a message. What editors have mails say. What came back, and who gets no more."""

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from wagtail.contrib.settings.models import BaseGenericSetting, register_setting

from broadsheet.mailroom.heeding import Doubt, Why
from broadsheet.mailroom.kinds import KINDS
from broadsheet.mailroom.pacing import DEFAULT, BadPace, Pace, pace_from
from broadsheet.mailroom.status import Kind
from broadsheet.mailroom.wording import MOST_SUBJECT, MOST_WORDS


class Lane(models.TextChoices):
    TRANSACTIONAL = "transactional"
    BULK = "bulk"


class Dispatch(models.Model):
    """One mail to one address. `key` makes posting twice equal posting once."""

    key = models.CharField(max_length=120, unique=True, null=True, blank=True)
    lane = models.CharField(max_length=14, choices=Lane, default=Lane.TRANSACTIONAL)
    kind = models.CharField(max_length=60, help_text="name of the mail's template")
    to = models.EmailField(max_length=320)
    subject = models.CharField(max_length=500)
    text = models.TextField()
    html = models.TextField(blank=True)
    headers = models.JSONField(default=dict, blank=True)
    posted_at = models.DateTimeField()
    due_at = models.DateTimeField(help_text="when it is to be tried, or tried again")
    claimed_at = models.DateTimeField(null=True, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    failed_at = models.DateTimeField(null=True, blank=True)
    tries = models.PositiveSmallIntegerField(default=0)
    trouble = models.TextField(blank=True)

    class Meta:
        verbose_name_plural = "dispatches"
        indexes = [
            models.Index(
                fields=["lane", "due_at"],
                name="dispatches_to_send",
                condition=models.Q(sent_at=None, failed_at=None),
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} to {self.to}"


class Wording(models.Model):
    """An editor's words for one kind of mail. A kind without a row, or a field left empty, has the house's own."""

    kind = models.CharField(max_length=60, unique=True)
    subject = models.CharField(max_length=MOST_SUBJECT, blank=True)
    before = models.TextField("opening words", max_length=MOST_WORDS, blank=True)
    after = models.TextField("closing words", max_length=MOST_WORDS, blank=True)

    class Meta:
        verbose_name = "wording of a mail"
        verbose_name_plural = "wordings of mails"
        default_permissions = ("change",)

    def __str__(self) -> str:
        return f"Mail: {KINDS[self.kind].label if self.kind in KINDS else self.kind}"


class Return(models.Model):
    """A mail that came back, of one address. What was doubted is kept as seen and changed nothing.

    `overtaken_at`: mail arrived at the address since, or somebody at the desk let it be written to again.
    """

    key = models.CharField(max_length=64, help_text="the same for the same mail")
    source = models.CharField(max_length=40, help_text="mailbox, or the mail provider that told it")
    address = models.CharField(max_length=320, blank=True, help_text="folded")
    kind = models.CharField(max_length=12, choices=[(kind.value, kind.value) for kind in Kind])
    status = models.CharField(max_length=12, blank=True)
    words = models.CharField(max_length=500, blank=True)
    mark = models.CharField(max_length=120, blank=True)
    doubt = models.CharField(max_length=10, blank=True, choices=[(doubt.value, doubt.value) for doubt in Doubt])
    came_at = models.DateTimeField()
    overtaken_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["key", "address"], name="what_came_back_is_taken_once_an_address")]
        indexes = [
            models.Index(fields=["came_at"], name="returns_by_time"),
            models.Index(fields=["address", "came_at"], name="returns_of_an_address"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.address}".strip()


class Suppression(models.Model):
    """An address that is written to no more, and why; by a seal, so that it holds after its reader is erased."""

    address_seal = models.CharField(max_length=64)
    why = models.CharField(max_length=10, choices=[(why.value, why.value) for why in Why])
    since = models.DateTimeField()
    lifted_at = models.DateTimeField(null=True, blank=True)
    lifted_by = models.CharField(max_length=20, blank=True, help_text="desk, or what arrived")

    class Meta:
        default_permissions = ("view", "change")
        constraints = [
            models.UniqueConstraint(
                fields=["address_seal", "why"],
                name="an_address_is_suppressed_once_for_each_reason",
                condition=models.Q(lifted_at=None),
            )
        ]

    def __str__(self) -> str:
        return f"{self.why} since {self.since:%Y-%m-%d}"


class Road(models.Model):
    """To one mailbox provider, shared by all senders: see `pacing.Road`. `sent_on_day`: how many messages went on `day`."""

    provider = models.CharField(max_length=253, primary_key=True)
    taken_until = models.DateTimeField(null=True)
    rests = models.PositiveSmallIntegerField(default=0)
    closed_until = models.DateTimeField(null=True)
    day = models.DateField(null=True)
    sent_on_day = models.PositiveIntegerField(default=0)

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return self.provider


@register_setting
class MailRules(BaseGenericSetting):
    """House rules of mail that comes back."""

    soft_bounces = models.PositiveSmallIntegerField(
        "days with a soft bounce",
        default=5,
        validators=[MinValueValidator(1), MaxValueValidator(50)],
        help_text="A mailbox that is full, a server that turns us away: after so many days of it …",
    )
    soft_days = models.PositiveSmallIntegerField(
        "within so many days",
        default=30,
        validators=[MinValueValidator(1), MaxValueValidator(365)],
        help_text="… and no mail that arrived between, an address is written to no more.",
    )

    class Meta:
        verbose_name = "Mail that comes back"


@register_setting
class PaceRules(BaseGenericSetting):
    """House rules of how fast editions go, where we send them to mail servers ourselves."""

    a_minute = models.PositiveIntegerField(
        "messages a minute to one mailbox provider",
        default=DEFAULT,
        validators=[MinValueValidator(1), MaxValueValidator(9_999_999)],
        help_text="What comes faster than a provider likes is turned away, or taken for spam.",
    )
    others = models.TextField(
        "providers with a rate of their own",
        blank=True,
        max_length=2_000,
        help_text="A line each: domain and messages a minute, such as “gmail.com 300”. Domains of one provider count as one.",
    )
    warm_up_from = models.DateField(
        "first day of sending from this server",
        null=True,
        blank=True,
        help_text="For eleven days each provider gets 500 messages, then 1,000, 2,000 and so on. What is more waits for the next "
        "day, or is passed over once a newer edition has begun. Empty: as many as there are.",
    )

    class Meta:
        verbose_name = "How fast editions go"

    def clean(self) -> None:
        try:
            self.pace()
        except BadPace as trouble:
            raise ValidationError({"others": str(trouble)}) from None

    def pace(self) -> Pace:
        return pace_from(self.a_minute, self.others)
