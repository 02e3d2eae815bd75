"""My briefing: what a reader has chosen, and what was brought to them, so that nothing comes twice."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from broadsheet.research.bringing import HOURS, LEAST, MOST, USUAL, Sort


class Briefing(models.Model):
    """What a reader has set. `days`: of the week, "01234" of all weekdays; `hour`: of the publication's zone.

    `wanted_since`: on these days and at this hour.
    """

    reader = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="briefing")
    days = models.CharField(max_length=7, blank=True)
    hour = models.PositiveSmallIntegerField()
    most = models.PositiveSmallIntegerField(default=USUAL)
    by_mail = models.BooleanField(default=True)
    wanted_since = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(most__range=(LEAST, MOST)), name="a_briefing_has_3_to_12_items"),
            models.CheckConstraint(condition=Q(hour__range=(HOURS[0], HOURS[-1])), name="a_briefing_comes_at_an_hour"),
        ]

    def __str__(self) -> str:
        return f"{self.reader}: on {self.days} at {self.hour}"

    @property
    def weekdays(self) -> frozenset[int]:
        return frozenset(map(int, self.days))


class Choice(models.Model):
    """A country, a region or an issue that a briefing looks at, in the order in which it was chosen."""

    class Kind(models.TextChoices):
        COUNTRY = "country"
        REGION = "region"
        ISSUE = "issue"

    briefing = models.ForeignKey(Briefing, on_delete=models.CASCADE, related_name="choices")
    kind = models.CharField(max_length=8, choices=Kind)
    row = models.BigIntegerField(help_text="of the axis")

    class Meta:
        ordering: ClassVar[list[str]] = ["pk"]
        constraints = [models.UniqueConstraint(fields=["briefing", "kind", "row"], name="a_briefing_looks_at_a_thing_once")]

    def __str__(self) -> str:
        return self.key

    @property
    def key(self) -> str:
        return f"{self.kind}:{self.row}"


class Morning(models.Model):
    """One briefing that was brought, empty where nothing was new. `due_at`: the hour for which it was."""

    reader = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="mornings")
    due_at = models.DateTimeField()
    brought_at = models.DateTimeField(db_index=True)
    since = models.DateTimeField()

    class Meta:
        ordering: ClassVar[list[str]] = ["-due_at"]
        constraints = [models.UniqueConstraint(fields=["reader", "due_at"], name="a_briefing_comes_once_an_hour")]

    def __str__(self) -> str:
        return f"{self.reader}: {self.due_at}"


class Brought(models.Model):
    """An item of a briefing. `key` is its reader's once for all: what was brought does not come again.

    `freely`: strangers may know that it is about what it is there for; otherwise only whoever may read it is told.
    """

    reader = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="brought")
    morning = models.ForeignKey(Morning, on_delete=models.CASCADE, related_name="items")
    place = models.PositiveSmallIntegerField()
    key = models.CharField(max_length=80)
    sort = models.CharField(max_length=8, choices=[(sort.value, sort.value) for sort in Sort])
    article_id = models.BigIntegerField(help_text="of a link: of the roundup in which it stands")
    url = models.URLField(max_length=2_000, blank=True)
    why = models.CharField(max_length=400)
    freely = models.BooleanField()

    class Meta:
        ordering: ClassVar[list[str]] = ["place"]
        constraints = [models.UniqueConstraint(fields=["reader", "key"], name="nothing_is_brought_to_a_reader_twice")]

    def __str__(self) -> str:
        return f"{self.morning}: {self.key}"
