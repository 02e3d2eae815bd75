"""Readers' own shelves: what they put aside to read later, what they follow, and collections that they build."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models.functions import Lower


class PutAside(models.Model):
    """An article on somebody's reading list."""

    reader = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="put_aside")
    article = models.ForeignKey("newsroom.Article", on_delete=models.CASCADE, related_name="+")
    put_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["reader", "article"], name="an_article_is_put_aside_once")]

    def __str__(self) -> str:
        return f"{self.reader}: article {self.article_id}"


class Follow(models.Model):
    """A reader wants to hear of a value of an axis, or of two countries: then `row` and `other` are theirs, the lower first."""

    class Kind(models.TextChoices):
        REGION = "region"
        COUNTRY = "country"
        ISSUE = "issue"
        CONTRIBUTOR = "contributor"
        SERIES = "series"
        RELATION = "relation"

    reader = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="follows")
    kind = models.CharField(max_length=12, choices=Kind)
    row = models.BigIntegerField(help_text="of the axis")
    other = models.BigIntegerField(default=0, help_text="the second country of a relation")
    followed_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["reader", "kind", "row", "other"], name="a_reader_follows_a_thing_once")]
        indexes = [models.Index(fields=["kind", "row", "other"], name="who_follows")]

    def __str__(self) -> str:
        return f"{self.reader}: {self.kind} {self.row}"


class Collection(models.Model):
    """Articles in a reader's own order. `note` and the notes of its pieces are theirs alone, shared or not.

    `token`: the end of the address by which anybody sees the list; empty where nobody does.
    """

    reader = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="collections")
    title = models.CharField(max_length=120)
    note = models.TextField(blank=True)
    token = models.CharField(max_length=40, blank=True)
    made_at = models.DateTimeField()
    shared_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["title"]
        constraints = [
            models.UniqueConstraint("reader", Lower("title"), name="a_reader_has_one_collection_of_a_title"),
            models.UniqueConstraint(fields=["token"], condition=~models.Q(token=""), name="a_token_opens_one_collection"),
        ]

    def __str__(self) -> str:
        return self.title


class Piece(models.Model):
    """An article in a collection. Places count from 0, without gaps but for what was just removed."""

    collection = models.ForeignKey(Collection, on_delete=models.CASCADE, related_name="pieces")
    article = models.ForeignKey("newsroom.Article", on_delete=models.CASCADE, related_name="+")
    place = models.PositiveIntegerField()
    note = models.TextField(blank=True)
    added_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar[list[str]] = ["place", "pk"]
        constraints = [models.UniqueConstraint(fields=["collection", "article"], name="a_collection_has_an_article_once")]

    def __str__(self) -> str:
        return f"{self.collection}: article {self.article_id}"
