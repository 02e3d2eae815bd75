"""What was printed: snapshots by their hash, slips by their path, and which page shows what."""

from django.db import models

from broadsheet.access.terms import Audience


class Snapshot(models.Model):
    """Finished HTML of one cut of one page, compressed; never changes, and is named by what it says."""

    digest = models.CharField(max_length=32, unique=True)  # blake2b of the uncompressed bytes
    brotli = models.BinaryField()
    gzip = models.BinaryField()
    size = models.PositiveIntegerField(help_text="bytes, uncompressed")
    squeezed = models.BooleanField(default=False, help_text="compressed again at the highest level")
    pressed_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.digest


class Slip(models.Model):
    """Where the snapshots of a path lie. Read by the gate through `press.slips`, followed by `change`."""

    path = models.CharField(max_length=500, unique=True)
    change = models.BigIntegerField(unique=True)
    kind = models.CharField(max_length=40)
    story = models.CharField(max_length=40, blank=True, db_index=True)
    audience = models.CharField(max_length=12, choices=[(a.value, a.value) for a in Audience], default=Audience.OPEN)
    content_type = models.CharField(max_length=60, default="text/html; charset=utf-8")
    full_cut = models.CharField(max_length=32, blank=True)
    previews = models.JSONField(default=dict, help_text="reason of the wall -> digest")
    moved_to = models.CharField(max_length=500, blank=True)
    withdrawn = models.BooleanField(default=False)
    gone = models.BooleanField(default=False, help_text="no page any more, or stale: ask Django")
    pressed_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.path


class Shows(models.Model):
    """A page shows a key (an article, a list, a contributor): when the key changes, the page is stale."""

    slip = models.ForeignKey(Slip, on_delete=models.CASCADE, related_name="shows")
    key = models.CharField(max_length=120, db_index=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["slip", "key"], name="a_page_shows_a_key_once")]

    def __str__(self) -> str:
        return f"{self.slip} shows {self.key}"


class Pressing(models.Model):
    """The newest printing of an article: what rooms above follow by cursor (`change`)."""

    article_id = models.BigIntegerField(unique=True)
    story = models.CharField(max_length=40, unique=True)
    path = models.CharField(max_length=500, blank=True)
    change = models.BigIntegerField(unique=True)
    edition_of_text = models.CharField(max_length=32, help_text="hash of the galley: an unchanged galley is not pressed again")
    audience = models.CharField(max_length=12)
    pressed_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return self.story
