"""What research remembers: who asked what, how much of it a day, and the numbers that the publisher may change."""

from broadsheet.research.models.enquiries import Enquiry, Tally
from broadsheet.research.models.rules import ResearchRules

__all__ = ["Enquiry", "ResearchRules", "Tally"]
