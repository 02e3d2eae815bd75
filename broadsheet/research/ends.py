"""Addresses in mails that open without logging in: each ends the mails of one dossier, or of a briefing."""

import hashlib
import re
from dataclasses import dataclass

from django.conf import settings

from broadsheet.kit.signing import Signer
from broadsheet.research.models import Briefing, Following

ENDING = re.compile(r"(?P<number>[1-9][0-9]{0,17})-(?P<imprint>[0-9a-f]{16})")


@dataclass(frozen=True, slots=True)
class Ending:
    """What a link ends. A restored backup gives numbers out again, so the imprint says whose it was."""

    number: int
    imprint: str

    @classmethod
    def of(cls, row: Following | Briefing) -> "Ending":
        joined = row.reader.joined_at
        about = row.dossier.made_at.isoformat() if isinstance(row, Following) else ""
        said = f"{row.reader_id} {int(joined.timestamp()) if joined else 0} {about}"
        return cls(row.pk, hashlib.blake2b(said.encode(), digest_size=8).hexdigest())


def path_that_ends(row: Following | Briefing) -> str:
    ending = Ending.of(row)
    folder, signer = ("dossiers", _signer("dossier-end")) if isinstance(row, Following) else ("briefing", _signer("briefing-end"))
    return f"/{folder}/end/{signer.sign(f'{ending.number}-{ending.imprint}')}/"


def following_in(token: str) -> tuple[bool, Following | None]:
    """Whether we signed it; and what it ends, None where that is over."""
    ending = _ending(token, "dossier-end")
    row = Following.objects.select_related("reader", "dossier").filter(pk=ending.number).first() if ending else None
    return ending is not None, row if row and Ending.of(row) == ending else None


def briefing_in(token: str) -> tuple[bool, Briefing | None]:
    ending = _ending(token, "briefing-end")
    row = Briefing.objects.select_related("reader").filter(pk=ending.number).first() if ending else None
    return ending is not None, row if row and Ending.of(row) == ending else None


def _ending(token: str, purpose: str) -> Ending | None:
    found = ENDING.fullmatch(_signer(purpose).unsign(token) or "")
    return Ending(int(found["number"]), found["imprint"]) if found else None


def _signer(purpose: str) -> Signer:
    return Signer((settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS), purpose=purpose)


def headers_of(end: str) -> dict[str, str]:
    """`end`: the whole address."""
    return {"List-Unsubscribe": f"<{end}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}
