"""Who has seen and done what at the wire's desk, and what must never stand there."""

from django.conf import settings
from django.db import models

from broadsheet.wire.models.items import Story


class Seen(models.Model):
    """Up to which change of a story an editor has seen it."""

    reader = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    story = models.ForeignKey(Story, on_delete=models.CASCADE, related_name="seen")
    items = models.PositiveIntegerField(help_text="as many as it had")

    class Meta:
        verbose_name_plural = "seen"
        constraints = [models.UniqueConstraint(fields=["reader", "story"], name="an_editor_sees_a_story_once")]

    def __str__(self) -> str:
        return f"{self.reader} saw {self.story_id}"


class Deed(models.Model):
    """What an editor did to a story, in order; the grouping follows these numbers, and undoing is a deed of its own.

    `before`: what must be put back to undo it, as `actions.editing` writes it.
    """

    class Kind(models.TextChoices):
        MERGE = "merge"
        SPLIT = "split"
        MUTE = "mute"
        DROP = "drop"
        LATER = "later"
        PICK = "pick"
        UNPICK = "unpick"
        UNDO = "undo"

    kind = models.CharField(max_length=8, choices=Kind)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField(db_index=True)
    story = models.ForeignKey(Story, on_delete=models.CASCADE, null=True, blank=True, related_name="deeds")
    change = models.BigIntegerField(unique=True)
    said = models.CharField(max_length=300, help_text="As the desk tells it.")
    before = models.JSONField(default=dict)
    undone_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["change"]

    def __str__(self) -> str:
        return self.said


class Refusal(models.Model):
    """An outlet, or one piece, that is to stand nowhere here: taken down as its owner wishes. `key`: how link keys begin."""

    key = models.CharField("address", max_length=500, unique=True, help_text="A piece's address, or an outlet's host.")
    reason = models.CharField(max_length=300, blank=True)
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")

    def __str__(self) -> str:
        return self.key
