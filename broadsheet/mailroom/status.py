"""What a mail server meant: its codes (RFC 3463, RFC 5321) and words into hard, soft or delayed. Pure.

Hard is what says that the mailbox is not there. What is about the mail, about us or about today is soft: full, blocked, busy.
"""

import re
from enum import StrEnum


class Kind(StrEnum):
    """What a mail that came back is."""

    HARD = "hard"  # the mailbox is not there
    SOFT = "soft"  # this mail did not get there; the next one may
    DELAYED = "delayed"  # the other side is still trying
    COMPLAINT = "complaint"  # its reader called it spam
    ASKED = "asked"  # its reader asked the mail provider for no more
    AUTO_REPLY = "auto-reply"
    CHALLENGE = "challenge"  # a machine wants to be shown that we are not one
    OTHER = "other"


ENHANCED = re.compile(r"(?<![\d.])([245])\.(\d{1,3})\.(\d{1,3})(?![\d.]*\d)")
REPLY = re.compile(
    r"(?:^|said: |error[ :(]+|code[ :]+|response[ :]+|[#<(\"' ])([45]\d\d)(?=[\s:#-])", re.IGNORECASE | re.MULTILINE
)

FULL = re.compile(
    r"(?:mail)?box (?:\S+ )?(?:is |was )?(?:full|exceed)|over.?quota|quota|exceeded (?:its |the )?storage|disk.?space"
    r"|insufficient (?:system )?(?:storage|resources)|not enough (?:disk |storage )?space|too large|size limit|message size",
    re.IGNORECASE,
)
BLOCKED = re.compile(
    r"spam|blocked|black.?list|block.?list|reputation|unsolicited|policy|virus|dnsbl|\brbl\b|spf|dkim|dmarc|content reject"
    r"|rejected for|banned|greylist|grey-list|rate limit|too many|relay(?:ing)? (?:access )?denied|unable to relay|reverse dns"
    r"|attachment|not accepted for policy",
    re.IGNORECASE,
)
NOBODY = re.compile(
    r"(?:user|recipient|mailbox|account|address|addressee|login)\b[^.\n]{0,60}?"
    r"(?:unknown|not (?:known|found|exist|listed|valid|a valid)|does ?n[o']t exist|no longer|invalid|disabled|inactive|suspended"
    r"|closed|unavailable|rejected|deactivated)"
    r"|(?:unknown|no such|invalid|nonexistent|non-existent|not a valid|bad destination|inactive|disabled)\b[^.\n]{0,30}?"
    r"(?:user|recipient|mailbox|account|address|addressee|host|domain|person)|no mailbox|host (?:or domain name )?not found"
    r"|nxdomain|doesn't have a|mailbox unavailable",
    re.IGNORECASE,
)

# By subject and detail of a code that begins with 5; what is not here is soft, since it is about something else than a mailbox.
MAILBOX_GONE = frozenset({(1, n) for n in (0, 1, 2, 3, 4, 5, 6, 9, 10)} | {(2, 1), (4, 1), (4, 4), (7, 13), (7, 17), (7, 18)})
ABOUT_THE_MAIL = frozenset({"521", "552", "554", "571"})  # replies that come for content and for us as often as for a mailbox
SAYS_NOTHING = frozenset({(0, 0), (1, 0), (2, 0), (3, 0), (5, 0), (7, 0)})


def kind_of(*, status: str, words: str) -> Kind:
    """Of a failed delivery. `status`: the code of RFC 3463 that came with it, or ""; `words`: what the server answered."""
    code = telling(status, words)
    if code is None:
        reply = _reply(words)
        if reply.startswith("4"):
            return Kind.SOFT
        return _by_words(words, otherwise=Kind.SOFT if reply in ABOUT_THE_MAIL else Kind.HARD)
    level, subject, detail = code
    if level == 4:
        return Kind.SOFT
    if (subject, detail) in SAYS_NOTHING:
        return _by_words(words, otherwise=Kind.HARD if subject in {0, 1} else Kind.SOFT)
    return Kind.HARD if (subject, detail) in MAILBOX_GONE else Kind.SOFT


def telling(status: str, words: str) -> tuple[int, int, int] | None:
    """The code that says most: the server's own in its words stands above a bare 5.0.0 that was put before them."""
    found = [tuple(map(int, match.groups())) for match in ENHANCED.finditer(f"{status} {words}") if match[1] != "2"]
    return max(found, key=lambda code: (code[1:] != (0, 0), code[1:] not in SAYS_NOTHING), default=None)  # type: ignore[return-value]


def written(code: tuple[int, int, int] | None) -> str:
    return ".".join(map(str, code)) if code else ""


def _by_words(words: str, *, otherwise: Kind) -> Kind:
    """A full mailbox is there, whatever else is said of it; and nobody of that name is said plainly where we are blocked too."""
    if FULL.search(words):
        return Kind.SOFT
    if NOBODY.search(words):
        return Kind.HARD
    return Kind.SOFT if BLOCKED.search(words) else otherwise


def _reply(words: str) -> str:
    """The code of RFC 5321; one that is lasting says more than one that passes."""
    return max(REPLY.findall(words), default="")
