"""The axes along which readers find articles. Each value has a page, a monthly archive and a feed."""

from typing import Any

from django.db import models, transaction

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

    def save(self, *args: Any, **kwargs: Any) -> None:
        with transaction.atomic():
            rows = type(self)._default_manager.filter(pk=self.pk)
            before = None if self._state.adding else rows.select_for_update().values_list("slug", flat=True).first()
            super().save(*args, **kwargs)
            if before and rows.exclude(slug=before).exists():
                self._leave(before)

    def _leave(self, slug: str) -> None:
        formers = FormerSlug.objects.filter(axis=self._meta.model_name)
        formers.filter(row=self.pk, slug=self.slug).delete()  # it has come back
        formers.update_or_create(axis=self._meta.model_name, slug=slug, defaults={"row": self.pk})


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

    also_called = models.TextField(
        "words that tell of it",
        blank=True,
        help_text="One a line, as they stand in texts: “water rights”. An article that often says them, or the name if that has"
        " several words, is gathered on the issue's page, tagged or not; from its next printing on.",
    )


class Series(Axis):  # type: ignore[django-manager-missing]
    class Meta(Axis.Meta):
        verbose_name_plural = "series"


class Contributor(Axis):  # type: ignore[django-manager-missing]
    """Somebody who writes for the publication; `standfirst` is the one-line bio under an article."""

    bio = models.TextField(blank=True)
    photograph = models.ForeignKey("wagtailimages.Image", null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    columnist_slot = models.CharField(max_length=9, blank=True, help_text="The weekday of this columnist's column.")


class FormerSlug(models.Model):
    """Under which a value of an axis stood before it was renamed. Whoever has the slug now has its address."""

    axis = models.CharField(max_length=12)
    slug = models.SlugField(max_length=120)
    row = models.BigIntegerField(help_text="the number of the value that had it last")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["axis", "slug"], name="one_value_per_former_slug")]

    def __str__(self) -> str:
        return f"{self.axis}:{self.row} was {self.slug}"
