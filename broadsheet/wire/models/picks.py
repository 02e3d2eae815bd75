"""What our curators chose of it, day by day."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from broadsheet.wire.models.items import Item


class DayOfLinks(models.Model):
    """The roundup of a day while it is made, and the article that came of it.

    `published_at`: when it was last made into its article; picks that change later are in it once it is published again.
    `held_at`: somebody wants it not to go out by itself.
    """

    day = models.DateField(unique=True, help_text="in the publication's zone")
    title = models.CharField(max_length=200, blank=True, help_text="Empty: “Daily Links”, and the day.")
    standfirst = models.TextField(blank=True, help_text="Empty: how many pieces, and from which outlets.")
    introduction = models.TextField(blank=True)
    held_at = models.DateTimeField(null=True, blank=True)
    published_at = models.DateTimeField(null=True, blank=True)
    article = models.OneToOneField("newsroom.Roundup", on_delete=models.SET_NULL, null=True, blank=True, related_name="+")

    class Meta:
        verbose_name_plural = "days of links"
        ordering = ["-day"]

    def __str__(self) -> str:
        return self.title or f"Links of {self.day:%-d %B %Y}"


class Pick(models.Model):
    """A piece that a curator chose, with all that is said of it: it outlives the item.

    `taken_down_at`: whoever owns it, or the law, wants it nowhere here; it is on no page from then on.
    """

    day = models.ForeignKey(DayOfLinks, on_delete=models.CASCADE, related_name="picks")
    sort_order = models.PositiveIntegerField(default=0)
    item = models.ForeignKey(Item, on_delete=models.SET_NULL, null=True, blank=True, related_name="picks")
    url = models.URLField(max_length=2_000)
    url_key = models.CharField(max_length=64, editable=False, help_text="a hash of its link key")
    headline = models.CharField(max_length=300)
    outlet = models.CharField(max_length=120)
    author = models.CharField(max_length=200, blank=True)
    published_on = models.DateField(null=True, blank=True)
    minutes = models.PositiveSmallIntegerField(null=True, blank=True)
    language = models.CharField(max_length=12, blank=True)
    paywalled = models.BooleanField(default=False)
    note = models.TextField(blank=True)
    countries = models.ManyToManyField("newsroom.Country", blank=True, related_name="+")
    issues = models.ManyToManyField("newsroom.Issue", blank=True, related_name="+")
    picked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    picked_at = models.DateTimeField()
    touched = models.PositiveIntegerField(default=0, help_text="Grows with each change: who wrote over whom is seen by it.")
    taken_down_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["sort_order", "pk"]
        constraints = [models.UniqueConstraint(fields=["day", "url_key"], name="a_day_has_a_piece_once")]
        indexes = [models.Index(fields=["picked_at"], name="picks_by_age", condition=Q(taken_down_at=None))]

    def __str__(self) -> str:
        return f"{self.outlet}: {self.headline}"


class Rival(models.Model):
    """Another outlet's reading of the same, printed beside a pick."""

    pick = models.ForeignKey(Pick, on_delete=models.CASCADE, related_name="rivals")
    sort_order = models.PositiveIntegerField(default=0)
    url = models.URLField(max_length=2_000)
    headline = models.CharField(max_length=300)
    outlet = models.CharField(max_length=120)
    author = models.CharField(max_length=200, blank=True)
    published_on = models.DateField(null=True, blank=True)
    language = models.CharField(max_length=12, blank=True)
    paywalled = models.BooleanField(default=False)

    class Meta:
        ordering = ["sort_order", "pk"]

    def __str__(self) -> str:
        return f"{self.outlet}: {self.headline}"
