"""The outbox: every mail is a row before it is a message. And what editors have mails say around what they must say."""

from django.db import models

from broadsheet.mailroom.kinds import KINDS
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
