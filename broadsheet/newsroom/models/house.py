"""What the publication says of itself: who it is, on what terms it sells, what it keeps of its readers."""

import re

from django.db import models
from django.utils.html import strip_tags
from wagtail.fields import RichTextField

HEADING = re.compile(r"<h[1-6]\b.*?</h[1-6]>", re.DOTALL)


class HousePage(models.Model):
    """In the foot of every page. One that has only headings is not written yet, and says so."""

    class Kind(models.TextChoices):
        TERMS = "terms", "Terms"
        PRIVACY = "privacy", "Privacy"
        IMPRINT = "imprint", "Imprint"
        CONTACT = "contact", "Contact"

    kind = models.CharField("page", max_length=8, choices=Kind.choices, unique=True, editable=False)
    body = RichTextField("text", blank=True, features=["h2", "h3", "bold", "italic", "ol", "ul", "link"])

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return str(self.get_kind_display())

    @property
    def is_written(self) -> bool:
        return bool(strip_tags(HEADING.sub("", self.body)).strip())


# What each is to tell of: the headings that a new publication finds there.
ASKED = {
    HousePage.Kind.TERMS: ("Who sells", "What you get", "Price, renewal and end", "Withdrawing", "Law and courts"),
    HousePage.Kind.PRIVACY: ("Who answers for it", "What we keep of you", "Who else sees it", "For how long", "Your rights"),
    HousePage.Kind.IMPRINT: ("Publisher", "Responsible for the text", "Register and tax number"),
    HousePage.Kind.CONTACT: ("Readers and subscriptions", "The editors", "By post"),
}


def draft_of(kind: str) -> str:
    return "".join(f"<h2>{heading}</h2><p></p>" for heading in ASKED[HousePage.Kind(kind)])
