"""An edition on its way: finished, and one row for each who gets it."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from broadsheet.access.terms import Cut
from broadsheet.newsletters.models.editions import Edition

CUTS = [(cut.value, cut.value) for cut in Cut]


class Typeset(models.Model):
    """One cut of an edition as it leaves, but for what is each reader's own: written once, when it begins."""

    edition = models.ForeignKey(Edition, on_delete=models.CASCADE, related_name="cuts")
    cut = models.CharField(max_length=7, choices=CUTS)
    subject = models.CharField(max_length=300)
    text = models.TextField()
    html = models.TextField()
    set_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["edition", "cut"], name="a_cut_of_an_edition_is_typeset_once")]

    def __str__(self) -> str:
        return f"{self.edition}, {self.cut}"


class Delivery(models.Model):
    """An edition to one address. The cut is chosen when it is claimed: by the reader's standing at that moment.

    `claim`: who sends it now; a claim of whoever died is taken over. `passed_over_at`: it was not to be sent, and `trouble` says
    why (no standing for it, suppressed, ended meanwhile). `doubted_at`: it may have left before, since nobody saw it arrive.
    """

    edition = models.ForeignKey(Edition, on_delete=models.CASCADE, related_name="deliveries")
    reader = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="deliveries")
    to = models.EmailField(max_length=320)
    domain = models.CharField(max_length=253)
    cut = models.CharField(max_length=7, choices=CUTS, blank=True)
    listed_at = models.DateTimeField()
    due_at = models.DateTimeField()
    claim = models.CharField(max_length=80, blank=True)
    claimed_at = models.DateTimeField(null=True, blank=True)
    tries = models.PositiveSmallIntegerField(default=0)
    sent_at = models.DateTimeField(null=True, blank=True)
    failed_at = models.DateTimeField(null=True, blank=True)
    passed_over_at = models.DateTimeField(null=True, blank=True)
    doubted_at = models.DateTimeField(null=True, blank=True)
    returned_at = models.DateTimeField(null=True, blank=True)
    trouble = models.CharField(max_length=500, blank=True)

    class Meta:
        verbose_name_plural = "deliveries"
        constraints = [
            models.UniqueConstraint(fields=["edition", "reader"], name="a_reader_gets_an_edition_once"),
            models.UniqueConstraint(fields=["edition", "to"], name="an_address_gets_an_edition_once"),
        ]
        indexes = [
            models.Index(
                fields=["edition", "due_at", "id"],
                name="deliveries_to_send",
                condition=Q(sent_at=None, failed_at=None, passed_over_at=None),
            ),
            models.Index(fields=["sent_at"], name="deliveries_by_when_they_left", condition=Q(sent_at__isnull=False)),
        ]

    def __str__(self) -> str:
        return f"{self.edition} to {self.to}"


class Tally(models.Model):
    """What became of an edition's deliveries, counted once it was over. It stands when they are forgotten, and whoever is erased
    since stays in it."""

    edition = models.OneToOneField(Edition, on_delete=models.CASCADE, related_name="tally")
    listed = models.PositiveIntegerField()
    waiting = models.PositiveIntegerField()
    sent = models.PositiveIntegerField()
    refused = models.PositiveIntegerField()
    passed_over = models.PositiveIntegerField()
    in_doubt = models.PositiveIntegerField()
    returned = models.PositiveIntegerField()
    counted_at = models.DateTimeField()

    class Meta:
        verbose_name_plural = "tallies"

    def __str__(self) -> str:
        return f"{self.edition}: {self.sent} of {self.listed}"
