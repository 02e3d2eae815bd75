"""The axes along which readers find articles. Each value has a page, a monthly archive and a feed."""

from django.db import models

from broadsheet.newsroom.models.standing import keep_off_the_lists


class Axis(models.Model):
    name = models.CharField(max_length=200)
    slug = models.SlugField(max_length=120, unique=True, allow_unicode=False)
    standfirst = models.TextField(blank=True, help_text="One or two sentences at the head of its page.")

    class Meta:
        abstract = True
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        super().clean()
        keep_off_the_lists(self.slug)


class Region(Axis):
    order = models.PositiveSmallIntegerField(default=0)

    class Meta(Axis.Meta):
        ordering = ["order", "name"]


class Country(Axis):
    code = models.CharField("ISO 3166 code", max_length=2, unique=True)
    regions = models.ManyToManyField(Region, related_name="countries", blank=True)

    class Meta(Axis.Meta):
        verbose_name_plural = "countries"


class Section(Axis):  # type: ignore[django-manager-missing]
    pass


class Issue(Axis):
    """A theme; a newsletter's sending is an edition."""


class Series(Axis):  # type: ignore[django-manager-missing]
    class Meta(Axis.Meta):
        verbose_name_plural = "series"


class Contributor(Axis):  # type: ignore[django-manager-missing]
    """Somebody who writes for the publication; `standfirst` is the one-line bio under an article."""

    bio = models.TextField(blank=True)
    photograph = models.ForeignKey("wagtailimages.Image", null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    columnist_slot = models.CharField(max_length=9, blank=True, help_text="The weekday of this columnist's column.")
