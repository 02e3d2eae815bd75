"""What readers want to be told of, what was found for them, and what they have heard of."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from broadsheet.library.models.shelves import Follow
from broadsheet.library.policy import Often


class Alert(models.Model):
    """A reader wants to be told of what a search finds anew (`text`, in the language of queries), or of what they follow.

    `feed`: the hash of the secret in its feed's address; empty where it has none.
    """

    reader = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="alerts")
    text = models.TextField(blank=True)
    follow = models.OneToOneField(Follow, on_delete=models.CASCADE, null=True, blank=True, related_name="alert")
    often = models.CharField(max_length=8, choices=[(often.value, often.value) for often in Often])
    wanted_since = models.DateTimeField(help_text="What came out before is not told.")
    paused_at = models.DateTimeField(null=True, blank=True)
    feed = models.CharField(max_length=64, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(text="", follow__isnull=False) | (~Q(text="") & Q(follow=None)), name="an_alert_is_of_one_thing"
            ),
            models.UniqueConstraint(fields=["feed"], condition=~Q(feed=""), name="a_secret_opens_one_feed"),
        ]

    def __str__(self) -> str:
        return f"{self.reader}: {self.text or self.follow}"


class Candidate(models.Model):
    """An article that an alert may have to tell of: somebody's sight finds it. Its reader's is asked when it is told."""

    alert = models.ForeignKey(Alert, on_delete=models.CASCADE, related_name="candidates")
    article_id = models.BigIntegerField()
    found_at = models.DateTimeField(db_index=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["alert", "article_id"], name="an_article_waits_once_in_an_alert")]

    def __str__(self) -> str:
        return f"{self.alert}: article {self.article_id}"


class Heard(models.Model):
    """A reader has heard of an article, from whichever alert: written with the mail, so that no other tells of it again."""

    reader = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="heard")
    article_id = models.BigIntegerField()
    heard_at = models.DateTimeField(db_index=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["reader", "article_id"], name="a_reader_is_told_of_an_article_once")]

    def __str__(self) -> str:
        return f"{self.reader}: article {self.article_id}"


class Reached(models.Model):
    """Up to which `Pressing.change` candidates were looked for: one row."""

    change = models.BigIntegerField()

    def __str__(self) -> str:
        return f"up to {self.change}"
