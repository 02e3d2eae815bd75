"""Who wants which newsletter."""

from django.conf import settings
from django.db import models

from broadsheet.newsletters.models.newsletters import Newsletter


class Signup(models.Model):
    """A reader's wish for a newsletter, in the words that were shown. It gets editions from `confirmed_at` until `ended_at`.

    `welcomed`: how many mails of its welcome have been written.
    """

    reader = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="signups")
    newsletter = models.ForeignKey(Newsletter, on_delete=models.CASCADE, related_name="signups")
    text_shown = models.TextField()
    asked_at = models.DateTimeField()
    confirmed_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_how = models.CharField(max_length=20, blank=True)
    welcomed = models.PositiveSmallIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["reader", "newsletter"], name="a_reader_signs_up_once_for_a_newsletter")]
        indexes = [
            models.Index(
                fields=["newsletter", "reader"],
                name="signups_that_stand",
                condition=models.Q(confirmed_at__isnull=False, ended_at=None),
            )
        ]

    def __str__(self) -> str:
        return f"{self.reader}: {self.newsletter}"


class Wish(models.Model):
    """An address that somebody sent for a newsletter, and to which a link went. Nobody gets anything by this alone.

    The link is kept as a hash, and works once, for all that were chosen together.
    """

    newsletter = models.ForeignKey(Newsletter, on_delete=models.CASCADE, related_name="wishes")
    address = models.EmailField(max_length=254)
    text_shown = models.TextField()
    link_hash = models.CharField(max_length=64)
    asked_at = models.DateTimeField(db_index=True)
    answered_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name_plural = "wishes"
        constraints = [models.UniqueConstraint(fields=["link_hash", "newsletter"], name="a_link_asks_for_a_newsletter_once")]

    def __str__(self) -> str:
        return f"{self.address}: {self.newsletter}"
