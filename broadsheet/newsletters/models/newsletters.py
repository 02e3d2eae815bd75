"""The newsletters that a publication offers, the places in their editions, and the days on which there are none."""

from django.db import models
from django.db.models import F, Q
from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel
from wagtail.models import Orderable

from broadsheet.newsletters import policy

WEEKDAYS = ((0, "Monday"), (1, "Tuesday"), (2, "Wednesday"), (3, "Thursday"), (4, "Friday"), (5, "Saturday"), (6, "Sunday"))


class Newsletter(ClusterableModel):
    """`at_registration`: whoever registers has agreed to it. `unseen`: an edition goes out though nobody looked at it."""

    class Rhythm(models.TextChoices):
        WEEKDAYS = policy.Rhythm.WEEKDAYS.value, "Monday to Friday"
        WEEKLY = policy.Rhythm.WEEKLY.value, "Once a week"
        BY_HAND = policy.Rhythm.BY_HAND.value, "When the desk says so"

    class Whom(models.TextChoices):
        FREE = policy.Whom.FREE.value, "Everybody, in the free cut"
        TWO_CUTS = policy.Whom.TWO_CUTS.value, "Everybody: subscribers whole, the others in its free cut"
        MEMBERS = policy.Whom.MEMBERS.value, "Subscribers only"

    name = models.CharField(max_length=80, unique=True)
    slug = models.SlugField(max_length=60, unique=True, help_text="Its address: /newsletters/slug/")
    promise = models.CharField(max_length=200, help_text="One sentence: what is in it, and when it comes.")
    whom = models.CharField("for whom", max_length=8, choices=Whom, default=Whom.TWO_CUTS)
    rhythm = models.CharField("how often", max_length=8, choices=Rhythm, default=Rhythm.WEEKLY)
    weekday = models.PositiveSmallIntegerField("day of the week", choices=WEEKDAYS, default=4, help_text="Of a weekly one.")
    goes_at = models.TimeField("goes out at", help_text="By the clock of the publication.")
    regions = models.ManyToManyField("newsroom.Region", blank=True, related_name="newsletters", help_text="None: all the world.")
    at_registration = models.BooleanField("begins with registering", default=False)
    unseen = models.BooleanField("goes out by itself", default=True, help_text="Else somebody at the desk lets it go first.")
    from_name = models.CharField("sender’s name", max_length=80, blank=True, help_text="Empty: the publication’s.")
    reply_to = models.EmailField("answers go to", blank=True)
    order = models.PositiveSmallIntegerField(default=0)
    withdrawn_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        ordering = ["order", "name"]
        constraints = [
            models.UniqueConstraint(
                fields=["at_registration"],
                condition=Q(at_registration=True, withdrawn_at=None),
                name="registering_begins_one_newsletter",
                violation_error_message="Another newsletter begins with registering already.",
            )
        ]

    def __str__(self) -> str:
        return self.name

    def known_as(self) -> str:
        """By which mail programs know it: the slug that it had first, whatever its pages are called now."""
        return self.former_slugs.order_by("left_at").values_list("slug", flat=True).first() or self.slug

    def timetable(self) -> policy.Timetable:
        """With the days of rest that are its own and those that are everybody's."""
        rests = Rest.objects.filter(Q(newsletter=None) | Q(newsletter=self))
        breaks = tuple(policy.Break(rest.first_on, rest.last_on) for rest in rests)
        return policy.Timetable(policy.Rhythm(self.rhythm), self.goes_at, self.weekday, breaks)


class FormerSlug(models.Model):
    """Under which a newsletter stood before: its old addresses lead on from there, so no other may have it."""

    newsletter = models.ForeignKey(Newsletter, on_delete=models.CASCADE, related_name="former_slugs")
    slug = models.SlugField(max_length=60, unique=True)
    left_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.newsletter} was {self.slug}"


class Slot(Orderable):
    """A place in every edition, and what is put into it by rule. `most`: so many at most."""

    class Kind(models.TextChoices):
        TOP = "top", "The top story, whole or to its cut"
        ARTICLES = "articles", "New articles"
        REPORT = "report", "The report of the week"
        LINKS = "links", "Must-read links"

    newsletter = ParentalKey(Newsletter, on_delete=models.CASCADE, related_name="slots")
    kind = models.CharField(max_length=8, choices=Kind)
    title = models.CharField(max_length=80, blank=True, help_text="Its heading in the edition.")
    most = models.PositiveSmallIntegerField("at most", default=5)

    class Meta(Orderable.Meta):
        constraints = [models.UniqueConstraint(fields=["newsletter", "kind"], name="a_newsletter_has_a_slot_of_a_kind_once")]

    def __str__(self) -> str:
        return self.title or self.get_kind_display()


class Rest(models.Model):
    """Holidays and breaks: no edition on these days, both included. Without a newsletter: of none."""

    newsletter = models.ForeignKey(Newsletter, on_delete=models.CASCADE, null=True, blank=True, related_name="rests")
    first_on = models.DateField("first day")
    last_on = models.DateField("last day")
    why = models.CharField(max_length=80, blank=True)

    class Meta:
        verbose_name = "days without an edition"
        verbose_name_plural = "days without an edition"
        ordering = ["-first_on"]
        constraints = [
            models.CheckConstraint(
                condition=Q(last_on__gte=F("first_on")),
                name="a_rest_ends_after_it_begins",
                violation_error_message="The last day is before the first.",
            )
        ]

    def __str__(self) -> str:
        return self.why or f"{self.first_on} to {self.last_on}"
