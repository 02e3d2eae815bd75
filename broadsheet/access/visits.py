"""The mark by which a visit from an edition is known: signed, it says which newsletter and which day, and of its reader nothing.

Standard library only.
"""

from datetime import date

from broadsheet.kit.signing import Signer

PARAMETER = "edition"
VISIT = "edition"  # among the reasons of readings: of one the story is the edition, and nobody is named


class VisitMarks:
    def __init__(self, secrets: tuple[str, ...]) -> None:
        self._signer = Signer(secrets, purpose="visits from editions")

    def parameter(self, *, newsletter: int, day: date) -> str:
        """For the query of a link."""
        return f"{PARAMETER}={self._signer.sign(edition_named(newsletter=newsletter, day=day))}"

    def edition_in(self, query: str) -> str | None:
        """The edition that a query names; None where it has no mark of ours."""
        for part in query.split("&"):
            name, _, signed = part.partition("=")
            if name == PARAMETER:
                return self._signer.unsign(signed)
        return None


def edition_named(*, newsletter: int, day: date) -> str:
    """ "3-2026-03-02"."""
    return f"{newsletter}-{day.isoformat()}"
