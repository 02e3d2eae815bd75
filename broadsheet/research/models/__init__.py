"""What research remembers: questions, dossiers and briefings of readers, and the numbers that the publisher may change."""

from broadsheet.research.models.briefings import Briefing, Brought, Choice, Morning
from broadsheet.research.models.dossiers import Change, Dossier, Following, Point, Reached
from broadsheet.research.models.enquiries import Enquiry, Example, ExamplesTried, Tally
from broadsheet.research.models.rules import ResearchRules

__all__ = [
    "Briefing",
    "Brought",
    "Change",
    "Choice",
    "Dossier",
    "Enquiry",
    "Example",
    "ExamplesTried",
    "Following",
    "Morning",
    "Point",
    "Reached",
    "ResearchRules",
    "Tally",
]
