"""What a new publication still has to do, as a list on the desk that goes away when all is done."""

from dataclasses import dataclass

from django.conf import settings
from django.urls import reverse

from broadsheet.newsroom.models import Article, Contributor, FrontPage, HousePage, Section


@dataclass(frozen=True, slots=True)
class Step:
    title: str
    why: str
    at: str  # an address of the desk; "" is done elsewhere
    done: bool


def first_steps() -> tuple[Step, ...]:
    """All of them; () once every one is done."""
    steps = (
        Step(
            "Name your contributors",
            "Each has a page and a line under their articles.",
            reverse("wagtailsnippets_newsroom_contributor:list"),
            Contributor.objects.exists(),
        ),
        Step(
            "Say what your sections are about",
            "One sentence stands at the head of each section’s page.",
            reverse("wagtailsnippets_newsroom_section:list"),
            Section.objects.exclude(standfirst="").exists(),
        ),
        Step(
            "Write the first article",
            "Look at it as a visitor and as a subscriber before you publish it.",
            reverse("wagtailadmin_explore", args=[FrontPage.objects.values_list("pk", flat=True)[0]]),
            Article.objects.exists(),
        ),
        Step(
            "Publish it",
            "A second later it stands on the front page, in its lists and in the feeds.",
            reverse("wagtailadmin_explore", args=[FrontPage.objects.values_list("pk", flat=True)[0]]),
            Article.objects.filter(live=True).exists(),
        ),
        _house_pages(),
        Step(
            "Let mail go out",
            "Readers log in by mailed codes: BROADSHEET_SMTP_HOST names the mail server, in the publication’s settings.",
            "",
            settings.EMAIL_HOST != "localhost" or settings.DEMO,
        ),
    )
    return () if all(step.done for step in steps) else steps


def _house_pages() -> Step:
    unwritten = [str(page).lower() for page in HousePage.objects.all() if not page.is_written]
    return Step(
        "Say who you are, and on what terms you sell",
        f"Not written yet: {', '.join(unwritten)}. They stand in the foot of every page."
        if unwritten
        else "In every page’s foot.",
        reverse("wagtailsnippets_newsroom_housepage:list"),
        not unwritten,
    )
