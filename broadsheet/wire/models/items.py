"""What other outlets published, and which of it tells the same event. Never the text of a piece: what we keep is where it is."""

from django.db import models

from broadsheet.wire.models.sources import Source


class Story(models.Model):
    """Items that tell the same event. What is counted here is counted anew whenever an item joins or leaves.

    `change`: grows with whatever a desk shows of it; desks follow it. `heat`: by what the desk puts it in order, which does not
    change as time goes by. `merged_into`: it lives on there, and whoever has its number is led to it. `muted_at`: whatever joins
    it stays unseen; `dropped_at`: it is off the desk until something new of weight joins; `later_until`: it comes back then.
    """

    headline = models.CharField(max_length=300)
    begun_at = models.DateTimeField(help_text="When we first heard of it.")
    last_at = models.DateTimeField(help_text="When the last item joined it.")
    items_count = models.PositiveIntegerField(default=0)
    outlets_count = models.PositiveIntegerField(default=0)
    standing = models.PositiveIntegerField(default=0, help_text="of its outlets together")
    languages = models.JSONField(default=list)
    subjects = models.JSONField(default=list)
    heat = models.FloatField(default=0)
    change = models.BigIntegerField(unique=True)
    merged_into = models.ForeignKey("self", on_delete=models.CASCADE, null=True, blank=True, related_name="merged")
    muted_at = models.DateTimeField(null=True, blank=True)
    dropped_at = models.DateTimeField(null=True, blank=True)
    dropped_with = models.PositiveIntegerField(default=0, help_text="as many outlets as told it then")
    later_until = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name_plural = "stories"
        indexes = [
            models.Index(fields=["-heat"], name="stories_by_heat", condition=models.Q(merged_into=None)),
            models.Index(fields=["last_at"], name="stories_by_age"),
        ]

    def __str__(self) -> str:
        return self.headline


class About(models.Model):
    """What the desk filters stories by: one of its subjects, or "language:sw"; counted with the story."""

    story = models.ForeignKey(Story, on_delete=models.CASCADE, related_name="about")
    name = models.CharField(max_length=140)

    class Meta:
        verbose_name_plural = "about"
        constraints = [models.UniqueConstraint(fields=["name", "story"], name="a_story_is_about_a_thing_once")]

    def __str__(self) -> str:
        return f"{self.story_id}: {self.name}"


class Item(models.Model):
    """One piece, wherever we met it. `sorted_at`: when it was published as far as that can be believed, else when we saw it.

    `identity`: by which it is known again (`reading.telling_apart`), with the source's number before it where it holds within
    the source alone. `subjects`: "country:KE", "region:africa", "issue:water".
    """

    identity = models.CharField(max_length=64, unique=True, help_text="a hash of it")
    link = models.URLField(max_length=2_000)
    title = models.CharField(max_length=300)
    summary = models.CharField(max_length=800, blank=True)
    outlet = models.CharField(max_length=120)
    source = models.ForeignKey(Source, on_delete=models.CASCADE, related_name="items")
    authors = models.JSONField(default=list, help_text="names alone")
    published_at = models.DateTimeField(null=True)
    seen_at = models.DateTimeField()
    met_at = models.DateTimeField(db_index=True, help_text="When a feed last had it, to the day: it is forgotten by this.")
    sorted_at = models.DateTimeField(db_index=True)
    language = models.CharField(max_length=12, blank=True)
    words = models.PositiveIntegerField(null=True)
    paywalled = models.BooleanField(null=True)
    subjects = models.JSONField(default=list)
    story = models.ForeignKey(Story, on_delete=models.CASCADE, related_name="items")
    joined_by = models.CharField(
        max_length=200, blank=True, help_text="Why it stands in its story, or that somebody put it there."
    )

    class Meta:
        ordering = ["sorted_at", "pk"]
        indexes = [models.Index(fields=["source", "-sorted_at"], name="items_of_a_source")]

    def __str__(self) -> str:
        return f"{self.outlet}: {self.title}"


class Direction(models.Model):
    """Where an item lies in the model's space, as 384 signed bytes; kept for as long as something new may join its story."""

    item = models.OneToOneField(Item, on_delete=models.CASCADE, related_name="direction")
    unit = models.BinaryField()

    def __str__(self) -> str:
        return f"direction of {self.item_id}"


class Carried(models.Model):
    """A source had the item in its feed: the same piece may come by several."""

    item = models.ForeignKey(Item, on_delete=models.CASCADE, related_name="carried")
    source = models.ForeignKey(Source, on_delete=models.CASCADE, related_name="carried")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["item", "source"], name="a_source_carries_an_item_once")]

    def __str__(self) -> str:
        return f"{self.source} carried {self.item_id}"
