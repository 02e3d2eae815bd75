"""Whom we listen to, and how that went."""

from django.db import models


class Source(models.Model):
    """A feed of an outlet. How it is stands in moments:

    `listened_since`: it is polled from then on; None: it is on our list and never asked. `next_at`: when it is asked next.
    `tried_at`: when it was last; `answered_at`: when it last gave a feed, or said that nothing was new; `new_at`: when it last
    brought an item. `failing_since`: the first of the tries that failed in a row; `gone_at`: it said that it is gone for good.
    """

    class Standing(models.IntegerChoices):
        """How much its telling a story says of the story."""

        SMALL = 1, "Local, or of one subject"
        NATIONAL = 2, "National"
        WORLD = 3, "Agency, or read around the world"

    address = models.URLField("feed", max_length=2_000)
    address_key = models.CharField(max_length=64, unique=True, editable=False, help_text="a hash of its link key")
    name = models.CharField("outlet", max_length=120)
    site = models.URLField(max_length=2_000, blank=True)
    folder = models.CharField(max_length=120, blank=True, help_text="As in the list it came with.")
    standing = models.PositiveSmallIntegerField(choices=Standing, default=Standing.NATIONAL)
    language = models.CharField(max_length=12, blank=True, help_text="Empty: as the feed says.")
    paywalled = models.BooleanField(null=True, blank=True, help_text="What stands behind its links. Unknown: as each item says.")
    added_at = models.DateTimeField()
    listened_since = models.DateTimeField(null=True, blank=True)
    next_at = models.DateTimeField(null=True, blank=True)
    tried_at = models.DateTimeField(null=True, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    new_at = models.DateTimeField(null=True, blank=True)
    failing_since = models.DateTimeField(null=True, blank=True)
    failures = models.PositiveIntegerField(default=0, help_text="in a row")
    gone_at = models.DateTimeField(null=True, blank=True)
    trouble = models.CharField(max_length=500, blank=True)
    etag = models.CharField(max_length=500, blank=True)
    last_modified = models.CharField(max_length=500, blank=True)
    digest = models.CharField(max_length=32, blank=True, help_text="of the last body that was read")

    class Meta:
        ordering = ["name", "pk"]
        indexes = [models.Index(fields=["next_at"], name="sources_to_poll", condition=models.Q(next_at__isnull=False))]

    def __str__(self) -> str:
        return self.name


class Poll(models.Model):
    """One asking of a source, as its page on the desk tells it. `status`: of HTTP; None: there was no answer."""

    source = models.ForeignKey(Source, on_delete=models.CASCADE, related_name="polls")
    at = models.DateTimeField()
    status = models.PositiveSmallIntegerField(null=True)
    took = models.PositiveIntegerField(help_text="milliseconds")
    items = models.PositiveIntegerField(default=0)
    new = models.PositiveIntegerField(default=0)
    trouble = models.CharField(max_length=500, blank=True)

    class Meta:
        ordering = ["-at", "-pk"]
        indexes = [models.Index(fields=["source", "-at"], name="polls_of_a_source")]

    def __str__(self) -> str:
        return f"{self.source} at {self.at}: {self.trouble or self.status}"
