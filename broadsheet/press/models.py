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
    superseded_at = models.DateTimeField(null=True, blank=True, help_text="No slip names it any more; dropped a day later.")

    class Meta:
        indexes = [
            models.Index(fields=["id"], name="snapshots_to_squeeze", condition=models.Q(squeezed=False)),
            models.Index(fields=["superseded_at"], name="snapshots_to_drop", condition=models.Q(superseded_at__isnull=False)),
        ]

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
    stale_at = models.DateTimeField(null=True, blank=True, help_text="From then on it is to be printed again.")

    class Meta:
        indexes = [models.Index(fields=["stale_at"], name="slips_to_print", condition=models.Q(stale_at__isnull=False))]

    def __str__(self) -> str:
        return self.path


class Shows(models.Model):
    """A page shows a key (an article, a list, a contributor): when the key changes, the page is stale."""

    slip = models.ForeignKey(Slip, on_delete=models.CASCADE, related_name="shows")
    key = models.CharField(max_length=200, db_index=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["slip", "key"], name="a_page_shows_a_key_once")]

    def __str__(self) -> str:
        return f"{self.slip} shows {self.key}"


class PageFile(models.Model):
    """A file under /media/ that a page other than an article shows to whoever may read that page."""

    slip = models.ForeignKey(Slip, on_delete=models.CASCADE, related_name="files")
    path = models.CharField(max_length=300, db_index=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["slip", "path"], name="a_page_shows_a_file_once")]

    def __str__(self) -> str:
        return self.path


class Pressing(models.Model):
    """The newest printing of an article: what rooms above follow by cursor (`change`).

    `live_revision` and `published_at` are those of the article's row when it was printed: where the row says otherwise, a nudge
    was missed. `teaser` and `cut` name what other pages show of it (`policy.Stand`).
    """

    article_id = models.BigIntegerField(unique=True)
    story = models.CharField(max_length=40, unique=True)
    path = models.CharField(max_length=500, blank=True)
    change = models.BigIntegerField(unique=True)
    edition_of_text = models.CharField(max_length=32, help_text="hash of the galley: an unchanged galley is not pressed again")
    audience = models.CharField(max_length=12)
    live_revision = models.BigIntegerField(null=True, blank=True)
    published_at = models.DateTimeField(null=True, blank=True)
    dated_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    month = models.CharField(max_length=7, db_index=True)  # of dated_at, in the publication's zone
    teaser = models.CharField(max_length=32)
    cut = models.CharField(max_length=32)
    pressed_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return self.story


class Listed(models.Model):
    """A pressed article stands on a list: "latest", "briefings", "countries/mali". Lists count from the oldest."""

    list = models.CharField(max_length=140)
    article_id = models.BigIntegerField(db_index=True)
    dated_at = models.DateTimeField()
    month = models.CharField(max_length=7)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["list", "dated_at", "article_id"], name="a_list_has_an_article_once")]
        indexes = [models.Index(fields=["list", "month"], name="lists_by_month")]

    def __str__(self) -> str:
        return f"{self.article_id} on {self.list}"


class PressedFile(models.Model):
    """A file under /media/ that a pressed article shows: `free` before the cut, else only to whoever may read the whole."""

    path = models.CharField(max_length=300, db_index=True)
    article_id = models.BigIntegerField(db_index=True)
    free = models.BooleanField(default=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["article_id", "path"], name="an_article_shows_a_file_once")]

    def __str__(self) -> str:
        return self.path
