"""Dossiers: standing briefs, the quotations that they hold, what changed in them on which day, and who wants to hear of it."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from broadsheet.library.policy import Often


class Dossier(models.Model):
    """A reader's own, or, where there is none, the editors'. Of a question, or of what rows of the axes say, as a `Follow` does.

    `due_at`: when something came in that it has not looked at. `slug`: where the editors' stands once it was published.
    `for_subscriber`: its reader was one when it was gathered. `seen_at`: when they last opened it.
    """

    class Kind(models.TextChoices):
        COUNTRY = "country"
        ISSUE = "issue"
        RELATION = "relation"
        QUESTION = "question"

    reader = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, null=True, blank=True, related_name="own_dossiers"
    )
    kind = models.CharField(max_length=10, choices=Kind)
    row = models.BigIntegerField(default=0, help_text="of the axis; 0 of a question")
    other = models.BigIntegerField(default=0, help_text="the second country of a relation")
    question = models.CharField(max_length=400, blank=True)
    title = models.CharField(max_length=120)
    introduction = models.TextField(blank=True)
    slug = models.SlugField(max_length=80, blank=True)
    made_at = models.DateTimeField()
    published_at = models.DateTimeField(null=True, blank=True)
    refreshed_at = models.DateTimeField(null=True, blank=True)
    due_at = models.DateTimeField(null=True, blank=True, db_index=True)
    for_subscriber = models.BooleanField(default=False)
    seen_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        permissions: ClassVar = [("publish_dossier", "Can publish a dossier")]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind="question", row=0) & ~Q(question="") | ~Q(kind="question") & Q(row__gt=0, question=""),
                name="a_dossier_is_of_one_thing",
            ),
            models.UniqueConstraint(
                fields=["reader", "kind", "row", "other", "question"], name="a_reader_has_one_dossier_of_a_thing"
            ),
            models.UniqueConstraint(fields=["slug"], condition=~Q(slug=""), name="a_slug_leads_to_one_dossier"),
            models.CheckConstraint(
                condition=Q(published_at=None) | Q(reader=None) & ~Q(slug=""), name="only_the_editors_publish_dossiers"
            ),
        ]

    def __str__(self) -> str:
        return self.title


class Point(models.Model):
    """A quotation in a dossier. `edition`: of the text in which it was last found to stand; of any other it is shown nowhere.

    `free`: stands before the cut. `said`: what an editor says before it. `place`: in which editors have set it. What they have
    not pinned or set aside is chosen anew whenever something comes in. `begin` to `end`: of its paragraph.
    """

    dossier = models.ForeignKey(Dossier, on_delete=models.CASCADE, related_name="points")
    article_id = models.BigIntegerField(db_index=True)
    paragraph = models.PositiveIntegerField()
    begin = models.PositiveIntegerField()
    end = models.PositiveIntegerField()
    text = models.TextField()
    speaker = models.CharField(max_length=60, blank=True)
    dated_on = models.DateField()
    free = models.BooleanField()
    edition = models.CharField(max_length=32)
    said = models.CharField(max_length=300, blank=True)
    place = models.PositiveIntegerField()
    pinned_at = models.DateTimeField(null=True, blank=True)
    set_aside_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["place", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["dossier", "article_id", "paragraph", "begin"], name="a_dossier_quotes_a_sentence_once"
            ),
            models.CheckConstraint(condition=Q(pinned_at=None) | Q(set_aside_at=None), name="what_is_pinned_is_not_set_aside"),
        ]

    def __str__(self) -> str:
        return self.text

    @property
    def is_kept(self) -> bool:
        """An editor's hand was on it."""
        return bool(self.pinned_at or self.set_aside_at)


class Change(models.Model):
    """What changed in a dossier. `freely`: strangers may know that the article is about it. `text` and `free`: as of a point.

    `other`, with the same of it: which it replaces, or says otherwise. `url`: of a link; then there is no article.
    """

    class Kind(models.TextChoices):
        NEW = "new"
        REPLACED = "replaced"
        DISAGREE = "disagree"
        ARTICLE = "article"
        LINK = "link"

    dossier = models.ForeignKey(Dossier, on_delete=models.CASCADE, related_name="changes")
    kind = models.CharField(max_length=10, choices=Kind)
    at = models.DateTimeField()
    article_id = models.BigIntegerField(default=0)
    text = models.TextField(blank=True)
    free = models.BooleanField(default=False)
    edition = models.CharField(max_length=32, blank=True)
    freely = models.BooleanField(default=False)
    other = models.BigIntegerField(default=0)
    other_text = models.TextField(blank=True)
    other_free = models.BooleanField(default=False)
    other_edition = models.CharField(max_length=32, blank=True)
    url = models.URLField(max_length=2_000, blank=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["-at", "-pk"]
        indexes = [models.Index(fields=["dossier", "-at"], name="changes_of_a_dossier")]

    def __str__(self) -> str:
        return f"{self.dossier}: {self.kind} {self.article_id or self.url}"


class Following(models.Model):
    """A reader wants to hear what changes in a dossier: their own, or one of the editors'.

    `told`: the last change of which they heard, or which was there when they began.
    """

    reader = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="dossiers_followed")
    dossier = models.ForeignKey(Dossier, on_delete=models.CASCADE, related_name="followings")
    often = models.CharField(max_length=8, choices=[(often.value, often.value) for often in Often])
    followed_at = models.DateTimeField()
    told = models.BigIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["reader", "dossier"], name="a_reader_follows_a_dossier_once")]

    def __str__(self) -> str:
        return f"{self.reader}: {self.dossier}"


class Reached(models.Model):
    """Up to which `Pressing.change` dossiers were looked for: one row."""

    change = models.BigIntegerField()

    def __str__(self) -> str:
        return f"up to {self.change}"
