"""An edition while it is made: what stands in it, and what the editor made of that."""

from django.db import models
from django.db.models import Q
from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel
from wagtail.models import Orderable

from broadsheet.newsletters.models.newsletters import Newsletter, Slot


class Edition(ClusterableModel):
    """One sending of a newsletter. How far it is stands in moments:

    `passed_at`: somebody at the desk let it go (needed where none goes out unseen, and once it is late). `paused_at`: it waits
    for the desk, also in the midst of sending. `begun_at`: it is typeset, and goes to whoever wants it; nothing in it changes
    from then on. `listed_upto`: the last signup that has its delivery; `listed_at`: all have. `moved_at`: when a batch of it last
    began or ended, or the desk said that it goes on; the ledgers know it too. `done_at`: all got it, or never will.
    `cancelled_at`: nobody gets it any more.
    """

    newsletter = models.ForeignKey(Newsletter, on_delete=models.PROTECT, related_name="editions")
    goes_on = models.DateField(help_text="Its day, in the publication’s zone.")
    due_at = models.DateTimeField(help_text="When it begins to go out.")
    subject = models.CharField(max_length=150, blank=True, help_text="Empty: the top story’s headline.")
    preheader = models.CharField(max_length=200, blank=True, help_text="Shown after the subject. Empty: by rule.")
    note = models.TextField(blank=True, help_text="The editor’s note, at its head.")
    opened_at = models.DateTimeField()
    passed_at = models.DateTimeField(null=True, blank=True)
    paused_at = models.DateTimeField(null=True, blank=True)
    stopped_why = models.CharField(max_length=200, blank=True)
    begun_at = models.DateTimeField(null=True, blank=True)
    listed_upto = models.BigIntegerField(default=0)
    listed_at = models.DateTimeField(null=True, blank=True)
    moved_at = models.DateTimeField(null=True, blank=True)
    done_at = models.DateTimeField(null=True, blank=True)
    cancelled_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-goes_on", "newsletter"]
        constraints = [
            models.UniqueConstraint(  # one that was cancelled before it began has no page, and leaves its day to another
                fields=["newsletter", "goes_on"],
                condition=Q(cancelled_at=None) | Q(begun_at__isnull=False),
                name="a_newsletter_has_one_edition_a_day",
            )
        ]
        indexes = [
            models.Index(fields=["due_at"], name="editions_to_send", condition=Q(done_at=None, cancelled_at=None)),
        ]

    def __str__(self) -> str:
        return f"{self.newsletter}, {self.goes_on:%-d %B %Y}"


class Item(Orderable):
    """An article or a link at its place. `by_hand`: an editor put or moved it; `dropped`: took it out, so no rule puts it back.

    Of an article `headline` and `standfirst` say something else than the article does; of a link they are all there is.
    """

    edition = ParentalKey(Edition, on_delete=models.CASCADE, related_name="items")
    slot = models.CharField(max_length=8, choices=Slot.Kind)
    article = models.ForeignKey("newsroom.Article", on_delete=models.CASCADE, null=True, blank=True, related_name="+")
    url = models.URLField(max_length=2_000, blank=True)
    headline = models.CharField(max_length=300, blank=True)
    standfirst = models.TextField(blank=True)
    outlet = models.CharField(max_length=120, blank=True)
    author = models.CharField(max_length=200, blank=True)
    minutes = models.PositiveSmallIntegerField(null=True, blank=True)
    paywalled = models.BooleanField(default=False)
    by_hand = models.BooleanField(default=False)
    dropped = models.BooleanField(default=False)

    class Meta(Orderable.Meta):
        constraints = [
            models.CheckConstraint(
                condition=Q(article__isnull=False, url="") | (Q(article=None) & ~Q(url="")),
                name="an_item_is_an_article_or_a_link",
            ),
            models.UniqueConstraint(fields=["edition", "article"], name="an_edition_shows_an_article_once"),
        ]

    def __str__(self) -> str:
        return self.headline or self.url or str(self.article)
