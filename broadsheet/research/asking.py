"""What a question asks for, and whom and when it is about. Pure; what cannot be told asks for anything.

Nothing in a question is an order: it is read for what it asks, and for nothing else.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from functools import lru_cache

from broadsheet.library.gazetteer import Sort, shipped
from broadsheet.library.letters import composed
from broadsheet.library.stems import STEMMED
from broadsheet.research.kin import roots

LONGEST = 400  # characters of a question that are read
_UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f\ud800-\udfff]")
YEAR = re.compile(r"\b(1[5-9]\d\d|20\d\d)\b")


class Asks(StrEnum):
    WHEN = "when"
    COUNT = "count"  # how many, what number
    AMOUNT = "amount"  # how much, how long, how far: a number with its measure
    WHO = "who"
    WHERE = "where"
    MEANING = "meaning"  # what is, what does it stand for
    WHY = "why"
    HOW = "how"
    CHANGE = "change"
    LIST = "list"
    COMPARISON = "comparison"
    TERMS = "terms"  # to what somebody agreed, what a treaty provides
    VIEW = "view"  # what somebody holds or says of something
    WHETHER = "whether"
    ANYTHING = "anything"


MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Month:
    """A month of a year, or one `day` of it."""

    year: int
    number: int
    day: int | None = None

    @property
    def name(self) -> str:
        """As letters are folded."""
        return MONTHS[self.number - 1].lower()

    @property
    def first(self) -> date:
        return date(self.year, self.number, self.day or 1)

    @property
    def until(self) -> date:
        if self.day:
            return self.first + timedelta(days=1)
        return date(self.year + self.number // 12, self.number % 12 + 1, 1)

    def __str__(self) -> str:
        return f"{self.day or ''} {MONTHS[self.number - 1]} {self.year}".strip()


@dataclass(frozen=True, slots=True)
class Question:
    """`terms`: its roots in their order, without those that only ask. `focus`: of what class the answer is ("what country").

    `years`: the first and the last that it names, None where it names none; `open_ended` where it asks since then. `names`: what
    is written in capitals, as typed. `actors`: keys of the gazetteer.
    """

    text: str
    asks: Asks
    terms: tuple[str, ...]
    focus: tuple[str, ...] = ()
    years: tuple[int, int] | None = None
    open_ended: bool = False
    months: tuple[Month, ...] = ()
    names: tuple[str, ...] = ()
    actors: tuple[str, ...] = ()

    @property
    def matter(self) -> str:
        """Its text without what only says what is asked for."""
        return _matter(self.text, self.asks)

    @property
    def is_bound(self) -> bool:
        """To its years: it asks since then, or somebody put them right, so that they do not stand in it."""
        return self.years is not None and (self.open_ended or not YEAR.search(self.text))

    def is_within(self, year: int) -> bool:
        """Where it names years."""
        first, last = self.years or (year, year)
        return first <= year and (self.open_ended or year <= last)

    @property
    def countries(self) -> tuple[str, ...]:
        """ISO codes."""
        return tuple(key.partition(":")[2] for key in self.actors if key.startswith(Sort.COUNTRY.value))


_TIMES = r"(?:year|date|day|month|century|decade|time|era|period)"
_PLACES = (
    r"(?:country|countries|state|states|city|cities|town|county|continent|region|province|place|location|capital|island|area)"
)
_NUMBERS = r"(?:number|percentage|percent|proportion|share|population|rate|age|size)"
_PEOPLE = (
    r"(?:president|king|queen|person|actor|actress|author|singer|leader|prime minister|man|woman|inventor|minister|people"
    r"|official|general|diplomat|envoy|commander|senator|chancellor|ambassador|secretary|politician|candidate|officer|governor"
    r"|judge|premier)"
)
_PACT = (
    r"(?:agreement|treat(?:y|ies)|pact|accords?|framework|deal|protocol|convention|armistice|truce|ceasefire|settlement|compact)"
)
_BINDS = (
    r"(?:agree|commit|undert[ao]k|promis|pledge|provid|requir|oblig|stipulat|offer|concede|demand|guarantee|impos"
    r"|achiev|settl|establish|decide)\w*"
)
_VIEW = r"(?:position|views?|stance|attitude|opinion|thinking|assessment|verdict|line)"
_IS = r"(?:is|are|was|were|'s|s)"
_DID = r"(?:did|do|does|has|have|had|is|are|was|were|will|would|can|could|should|might)"
# In this order: the first that is found says it.
_ASKING: tuple[tuple[Asks, str], ...] = (
    (
        Asks.CHANGE,
        r"\bhow (?:has|have|had|did|does|do|is|are) .*\b(?:chang|evolv|develop|shift|progress|var(?:y|ied)|mov)\w*"
        r"|\bwhat (?:has |had )?changed?\b",
    ),
    (
        Asks.CHANGE,
        r"\b(?:evolution|development|history) of .*\b(?:relation|ties|policy|position|approach|attitude)|\bsince when\b",
    ),
    (Asks.COMPARISON, r"\b(?:compar\w+|differ(?:ence|ences|ent|s)? (?:between|from)|how do(?:es)? .* differ|versus|vs\.?)\b"),
    (Asks.CHANGE, r"\bhow (?:has|have|had|did) .*\bsince\b|\bhow (?:has|have) .*\b(?:fared|grown|over the (?:years|decades))\b"),
    (Asks.WHO, rf"^(?:who(?:m|se)?|(?:which|what) (?:[\w-]+ )?{_PEOPLE})\b"),
    (Asks.WHY, r"^why\b|\bwhat (?:is|was|are|were) .*\b(?:meant|designed|intended|supposed|aimed?) (?:to|at)\b"),
    (
        Asks.WHY,
        r"\bwhat (?:is|was|are|were) .*\b(?:purpose|aims?|goals?|objectives?|rationale|motives?|point) (?:of|in|behind|for)\b",
    ),
    (
        Asks.TERMS,
        rf"\bwhat (?:\w+ )?{_DID} .*\b{_BINDS}\b|\bwhat (?:\w+ ){{1,3}}{_BINDS}\b.*\bto\b"
        rf"|\bwhat\b.*\bunder the .*\b{_PACT}\b",
    ),
    (
        Asks.TERMS,
        r"\bwhat (?:is|was|are|were) (?:the )?(?:[\w-]+ )?"
        r"(?:terms|conditions|provisions|outcomes?|results?|commitments) of\b",
    ),
    (Asks.VIEW, rf"\bwhat (?:is|was|are|were|has been|had been) .*\b{_VIEW} (?:on|of|to|towards?|about|over|regarding)\b"),
    (Asks.VIEW, rf"\bwhat {_DID} .*\b(?:say|think|argue|believe|claim|want|make of|demand|hold)\b"),
    (
        Asks.VIEW,
        rf"\bhow {_DID} .*\b(?:see|view|regard|judge|assess|respond|react|justify|explain|describe|divided|split|defend)\b"
        r"|\bwhere (?:does|did|do) .* stand\b",
    ),
    (
        Asks.WHEN,
        rf"(?:^|[,;] |\b(?:and|since|by|from|until|tell me) )when\b|^\w+ when\b"
        rf"|\b(?:what|which|in what|in which) (?:\w+ )?{_TIMES}\b",
    ),
    (Asks.COUNT, r"\bhow many\b|\bnumber of\b"),
    (Asks.AMOUNT, r"\bhow (?:much|long|far|old|big|large|tall|high|fast|deep|often|wide|heavy|hot|cold|late|early)\b"),
    (
        Asks.AMOUNT,
        rf"\bwhat (?:\w+ )?{_NUMBERS}\b|\bwhat {_IS} the (?:\w+ )?(?:{_NUMBERS}|cost|price|value|budget|length|height)\b",
    ),
    (Asks.WHO, rf"\bwho(?:m|se)?\b|\bwhich (?:\w+ )?{_PEOPLE}\b|\bwhat (?:\w+ )?{_PEOPLE}\b"),
    (Asks.WHERE, rf"\bwhere\b|\b(?:what|which) (?:\w+ )?{_PLACES}\b"),
    (Asks.WHY, r"\bwhy\b|\bwhat (?:\w+ )?(?:reasons?|causes?|caused|drives|drove|led|leads|motivat\w+|explains?)\b|\bhow come\b"),
    (
        Asks.LIST,
        rf"\b(?:list|name) (?:\w+ )?(?:the|all|some|of)\b|\bwhat (?:are|were) (?:the|some)\b"
        rf"|\bwhich \w+s\b|\bwhat (?!{_IS}\b)\w+s {_DID}\b",
    ),
    (
        Asks.MEANING,
        rf"\bwhat {_IS}\b|\bwhats\b|\bwhat does .* (?:mean|stand for|do)\b"
        rf"|\bdefin(?:e|ition)\b|\bmeaning of\b|^\w+(?: \w+){{0,3}}$",
    ),
    (Asks.HOW, r"\bhow\b"),
    (Asks.WHETHER, rf"^(?:{_DID})\b"),
)
_PATTERNS = tuple((asks, re.compile(pattern, re.IGNORECASE)) for asks, pattern in _ASKING)
# Words of a question that say what is asked for, and not of what: its answer seldom has them.
_ASKED_WITH: dict[Asks, re.Pattern[str]] = {
    asks: re.compile(pattern, re.IGNORECASE)
    for asks, pattern in {
        Asks.WHY: r"\b(?:reasons?|rationale|motives?|causes?|caused|drives?|drove|led|leads|motivat\w+|explains?|behind)\b"
        r"|\bapproach to\b",
        Asks.VIEW: rf"\b{_VIEW} (?=(?:on|of|to|towards?|about|over|regarding)\b)|\b(?:see|view|regard|judge|assess|stand)\b",
        Asks.CHANGE: r"(?<!climate )\b(?:changed?|evolve[ds]?|evolution|developed|shifted|progressed|varied|moved|fared|over the"
        r" (?:years|decades))\b|\bapproach to\b",
        Asks.HOW: r"\bapproach to\b",
    }.items()
}
_FOCUS = re.compile(r"\b(?:what|which|how many|how much) (?:kind of |type of |sort of )?((?:[\w'-]+ ?){1,3})", re.IGNORECASE)
_STOPS_FOCUS = re.compile(rf"\b(?:{_IS}|{_DID}|of|in|on|for|to|the|a|an|that|from|by|at|with|there)\b.*", re.IGNORECASE)
_SINCE = re.compile(r"\b(?:since|after|from)\s+(?:\w+\s+)?(?:1[5-9]\d\d|20\d\d)\b(?!\s*(?:to|until|-|–))", re.IGNORECASE)
_TO_COME = re.compile(r"\b(?:next (?:year|month|week|spring|summer|autumn|winter|decade|century)|tomorrow)\b", re.IGNORECASE)
_LOOKS_AHEAD = re.compile(  # to what somebody spoke of before it came
    r"\b(?:by|until|before|through|towards?) (?:the year )?20\d\d\b"
    r"|\b(?:targets?|goals?|plan(?:s|ned)?|pledge[ds]?|promise[ds]?|commit\w*|aims?|project(?:s|ed|ions?)|expect\w*|forecasts?"
    r"|budget\w*|intend\w*|says?|said|call(?:s|ed) for|propos\w+)\b",
    re.IGNORECASE,
)
_LOOKS_BACK = re.compile(r"\b(?:was|were|did|had)\b", re.IGNORECASE)  # then its next year may be over
_ONLY_ASKS = re.compile(  # roots that say how it is asked, not of what
    r"tell|explain|describ|list|name|give|mean|mani|much|happen|kind|type|sort|stand|exampl|latest|current|recent|pleas|say|know|think"
    r"|whi|what|who|where|when|sinc"
)
_NAME = re.compile(r"\b[A-ZÀ-ÞŠŽ][\w.'’&-]*(?: (?:of |the |de |al-|bin )*[A-ZÀ-ÞŠŽ0-9][\w.'’&-]*)*")
_IS_A_MONTH = "|".join(MONTHS)
_MONTH = re.compile(
    rf"\b(?:(?P<before>\d{{1,2}})(?:st|nd|rd|th)? (?:of )?)?(?P<month>{_IS_A_MONTH})"
    r"(?: (?P<after>\d{1,2})(?:st|nd|rd|th)?)?,? (?:of )?"
    r"(?P<year>1[5-9]\d\d|20\d\d)\b"
)
_CAPITALISED_ASKING = re.compile(
    rf"^(?:(?:what|who|when|where|why|how|which|whose|whom|tell|list|name|in|on|at|explain|describe|compare|the|{_DID})\b[ ']*)+",
    re.IGNORECASE,
)


@lru_cache(maxsize=50_000)
def stems(text: str) -> tuple[str, ...]:
    return tuple(STEMMED.analyze(text))


def read(typed: str, *, asks: Asks | None = None) -> Question:
    text = " ".join(composed(_UNPRINTABLE.sub(" ", typed[:LONGEST])).split())
    meant = asks or asked_for(text)
    said = roots(_matter(text, meant)) or roots(text)
    terms = tuple(dict.fromkeys(root for root in said if not _ONLY_ASKS.fullmatch(root))) or tuple(dict.fromkeys(said))
    found = [int(year) for year in YEAR.findall(text)]
    return Question(
        text=text,
        asks=meant,
        terms=terms,
        focus=_focus(text),
        years=(min(found), max(found)) if found else None,
        open_ended=bool(_SINCE.search(text)),
        months=tuple(_months(text)),
        names=names_in(text),
        actors=tuple(dict.fromkeys(mention.key for mention in shipped().find(text))),
    )


def asked_for(text: str) -> Asks:
    return next((asks for asks, pattern in _PATTERNS if pattern.search(text)), Asks.ANYTHING)


def _matter(text: str, asks: Asks) -> str:
    return _ASKED_WITH[asks].sub(" ", text) if asks in _ASKED_WITH else text


def _focus(text: str) -> tuple[str, ...]:
    match = _FOCUS.search(text)
    return roots(_STOPS_FOCUS.sub("", match[1])) if match else ()


def _months(text: str) -> Iterator[Month]:
    for found in _MONTH.finditer(text):
        year, month, day = int(found["year"]), MONTHS.index(found["month"]) + 1, found["before"] or found["after"]
        try:
            yield Month(year, month, date(year, month, int(day)).day if day else None)
        except ValueError:  # 31 June
            yield Month(year, month)


def to_come(question: Question, at: date) -> str:
    """What of its time nobody can know yet; "" where it asks what was said of that, or of nothing to come."""
    if _LOOKS_AHEAD.search(question.text):
        return ""
    if question.years and question.years[0] > at.year:
        return str(question.years[0])
    found = _TO_COME.search(question.text)
    return found[0] if found and not _LOOKS_BACK.search(question.text) else ""


def names_in(text: str) -> tuple[str, ...]:
    """None where all or nothing is in capitals: then they say nothing."""
    rest = _MONTH.sub(" ", _CAPITALISED_ASKING.sub("", text))
    if text.isupper() or text.istitle():
        return ()
    return tuple(
        dict.fromkeys(
            match[0].rstrip(".'’s") if match[0].endswith(("'s", "’s")) else match[0].rstrip(".") for match in _NAME.finditer(rest)
        )
    )
