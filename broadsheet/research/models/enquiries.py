"""What readers asked, how much was asked and quoted on a day, and what may be asked. A brief is no row: it is composed anew."""

from typing import ClassVar

from django.conf import settings
from django.db import models


class Enquiry(models.Model):
    """A question of a reader's, theirs alone. `asked`: all of it, what was corrected and what it follows, as an address has it.

    `token`: the end of the address by which anybody puts the same question, in their own sight; empty where nobody does.
    """

    reader = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="enquiries")
    text = models.CharField(max_length=400)
    asked = models.TextField()
    mark = models.CharField(max_length=32, help_text="of what was asked")
    asked_at = models.DateTimeField()
    kept_at = models.DateTimeField(null=True, blank=True)
    token = models.CharField(max_length=40, blank=True)
    shared_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["-asked_at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["reader", "mark"], name="a_reader_asks_a_question_once"),
            models.UniqueConstraint(fields=["token"], condition=~models.Q(token=""), name="a_token_opens_one_question"),
        ]
        indexes = [models.Index(fields=["asked_at"], name="questions_by_age")]

    def __str__(self) -> str:
        return self.text


class Tally(models.Model):
    """What a reader, or a visitor's network, asked and was quoted on a day. `network`: a keyed hash, so that it names nobody.

    `asked`: marks of questions, keyed too. `quoted`: for each article, the words of each quotation by its mark.
    `gathered`: how often dossiers of theirs were gathered while they waited.
    """

    reader = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, null=True, blank=True, related_name="+")
    network = models.CharField(max_length=32, blank=True)
    on = models.DateField()
    asked = models.JSONField(default=list)
    quoted = models.JSONField(default=dict)
    gathered = models.PositiveSmallIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["reader", "on"], name="a_reader_has_one_tally_a_day"),
            models.UniqueConstraint(
                fields=["network", "on"], condition=models.Q(reader=None), name="a_network_has_one_tally_a_day"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.on}: {len(self.asked)} questions"


class Example(models.Model):
    """A question below the empty field: it was tried on the day on which it was chosen, and strangers were answered."""

    text = models.CharField(max_length=400)
    place = models.PositiveSmallIntegerField()
    chosen_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar[list[str]] = ["place"]
        constraints = [models.UniqueConstraint(fields=["place"], name="one_example_a_place")]

    def __str__(self) -> str:
        return self.text


class ExamplesTried(models.Model):
    """When examples were last tried, whether any was answered or not: one row."""

    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"tried at {self.at}"
