"""Signs that a sentence says what is asked for: a date where that is when, a cause where that is why. Pure; from 0 to 1."""

import re
from collections.abc import Callable, Iterator
from functools import partial

from broadsheet.research.asking import Asks, Question
from broadsheet.research.kin import roots
from broadsheet.research.surroundings import TITLES

_MONTH = (
    r"(?:January|February|March|April|May|June|July|August|September|October|November|December"
    r"|Jan\.?|Feb\.?|Aug\.?|Sept?\.?|Oct\.?|Nov\.?|Dec\.?)"
)
DAY_OR_MONTH = re.compile(
    rf"\b(?:\d{{1,2}}(?:st|nd|rd|th)? (?:of )?{_MONTH}|{_MONTH} \d{{1,2}}(?:st|nd|rd|th)?)\b|\b{_MONTH} ,? ?(?:1\d|20)\d\d\b"
)
YEAR = re.compile(r"\b(?:1\d\d\d|20\d\d)(?:s|'s)?\b|\b\d+ (?:BC|BCE|AD|CE)\b|\b\d+(?:st|nd|rd|th)[ -]century|\bcentur(?:y|ies)\b")
TIME = re.compile(
    rf"\b(?:{_MONTH}|(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day|spring|summer|autumn|winter|annually|every year"
    r"|years? (?:ago|later|after|before)|yesterday|today)\b"
)
_IN_WORDS = (
    "two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen|eighteen|nineteen"
    "|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety|hundred|thousand|million|billion|trillion|dozen|half|third|quarter"
)
NUMBER = re.compile(rf"\b\d[\d,.]*\b|\b(?:{_IN_WORDS})s?\b", re.IGNORECASE)
_UNIT = (
    r"%|per ?cent|dollars?|euros?|pounds?|cents?|km|kilomet\w+|miles?|met(?:er|re)s?|m|ft|f(?:ee|oo)t|inch\w*|cm|mm|acres?"
    r"|hectares?|square|sq|years?|months?|weeks?|days?|hours?|minutes?|seconds?|kg|kilograms?|grams?|g|mg|tons?|tonnes?|lbs?|ounces?"
    r"|lit(?:er|re)s?|gallons?|barrels?|degrees?|°|mph|km/h|people|inhabitants|calories"
)
MEASURED = re.compile(
    rf"(?:[$£€¥]\s?\d|US\$|\b(?:\d[\d,.]*|{_IN_WORDS})[\s-]+(?:(?:{_IN_WORDS})\s+)?(?:{_UNIT})\b|\d\s?%)", re.IGNORECASE
)
PERSON = re.compile(r"\b[A-Z][a-zà-ÿ'’-]+(?: (?:[A-Z]\.?|de|van|von|al|bin|of))* [A-Z][a-zà-ÿ'’A-Z-]+\b")
PROPER = re.compile(r"(?<![.!?] )(?<!^)\b[A-ZÀ-Þ][\w'’-]+")
PLACED = re.compile(
    r"\b(?:located|situated|based|headquartered|born|lies|found|held|capital|city|town|county|state|region|province"
    r"|north|south|east|west|near|between|border)\w*\b",
    re.IGNORECASE,
)
IN_A_PLACE = re.compile(
    r"\b(?:in|at|near|from|of|on|to|around|outside|throughout|across)"
    r" (?:the |southern |northern |eastern |western |central |north |south |east |west )*[A-ZÀ-Þ]\w+"
)
DEFINED = re.compile(
    r"\b(?:is|are|was|were)(?: \w+ly| also| often| usually)?"
    r" (?:an?|the|any|one|a type|part|used|defined|known|called|made|those|either|that)\b"
    r"|\b(?:refers? to|means?|meaning|stands? for|is defined|defined as|known as|called|term|describes?|consists? of"
    r"|abbreviat|acronym)\b",
    re.IGNORECASE,
)
LISTED = re.compile(r"\b(?:includ(?:e|es|ing)|such as|consists? of|are|namely|following|comprises?|both)\b")
CAUSED = re.compile(
    r"\b(?:because|due to|caused? by|causes?|owing to|as a result|results? (?:in|from)|reasons?|therefore|so that|in order to"
    r"|since(?! (?:\d|then\b|the\b))|leads? to|led to|arises?|driven by|attributed|thanks to|out of|given|so as to"
    r"|stem(?:s|med)? from|designed to|aim(?:s|ed|ing)? (?:to|at)|intended to|meant to|in an effort to|in response to"
    r"|with the (?:aim|goal|intention|purpose) of|prompted|convinced that|fear(?:s|ed|ing)? (?:that|of)"
    r"|concern(?:s|ed)? (?:that|about|over)|purpose|motiv\w+)\b",
    re.IGNORECASE,
)
AGREED = re.compile(
    r"\b(?:agree[ds]?|commit(?:s|ted|ting|ments?)?|pledg(?:e[ds]?|ing)|undert(?:ook|akes?|aken)|promis(?:e[ds]?|ing)|will|shall"
    r"|would|provid(?:e[ds]?|ing)|requir(?:e[ds]?|ing)|oblig\w+|in (?:exchange|return)|call(?:s|ed) for|stipulat\w+"
    r"|guarantee[ds]?|renounc\w+|establish\w*|outlaw\w*|terms|affirm\w*|recogni[sz]e[ds]?|withdraw\w*|halt(?:ed)?|freeze"
    r"|consult)\b",
    re.IGNORECASE,
)
HELD = re.compile(
    r"\b(?:believ\w+|thinks?|thought|views?|viewed|position|stance|support\w*|oppos\w+|welcom\w+|condemn\w*|wants?|seeks?"
    r"|sought|argu\w+|urg(?:e[ds]?|ing)|favou?r\w*|reject\w*|insist\w*|maintain\w*|concern\w*|call(?:s|ed)? (?:for|on)"
    r"|should|must|ought|fear\w*|not|policy|committed|regard\w*|consider\w*|disagree\w*|critici[sz]\w+|said|says)\b",
    re.IGNORECASE,
)
DONE_BY = re.compile(
    r"\b(?:by \w+ing|through|using|uses?|used|process|method|via|with the help|works?|consists?|made"
    r"|forms?|formed|when|then|allows?)\b",
    re.IGNORECASE,
)
CHANGED = re.compile(
    r"\b(?:(?:chang|shift|evolv|develop|improv|worsen|deteriorat|strengthen|weaken|increas|decreas|declin|resum|restor|establish|upgrad"
    r"|normali[sz]|transform)\w*|gr[eo]w\w*|r[io]se\w*|fallen|fell|bec[ao]mes?|beg[aiu]n\w*|ended|br[eo]ken?\w*|sever(?:ed|ing)|once"
    r"|earlier|previously|formerly?)\b",
    re.IGNORECASE,
)
FROM_AND_TO = re.compile(
    r"\bno longer\b|\b(?:revers|abandon|overturn|renounc)(?:e[ds]?|ing)\b|\baway from\b"
    r"|\b(?:decades|years|tradition) of [\w-]+"
    r"|\b(?:break|departure|turn(?:ed|ing)?|mov(?:ed?|ing)|shift(?:ed|ing)?|chang(?:ed?|ing)|went|switch\w*|drop\w*) from\b"
    r"|\bgave up\b|\b(?:for|after) (?:decades|centuries|years|generations)\b|\b(?:once|formerly|previously|then|until)\b.*\bnow\b"
    r"|\bfrom [\w-]+(?: [\w-]+){0,4} (?:in)?to (?:a |an |the )?[\w-]+",
    re.IGNORECASE,
)
PURPOSE = re.compile(
    r"\b(?:to (?:limit|reduce|cut|deny|deprive|prevent|stop|drive|deter|ensure|protect|keep|force|weaken|punish|end|curb|preserve"
    r"|avert|counter|contain|defend|restore|avoid|bring|secure|maintain|make|help|resist|diminish|starve|undermine|support)"
    r"|so (?:that|as to)|in order to|for the sake of)\b",
    re.IGNORECASE,
)
COMPARED = re.compile(
    r"\b(?:than|while|whereas|unlike|compared|differ\w*|both|contrast|more|less|rather|but|however|similar\w*|versus)\b",
    re.IGNORECASE,
)
_FOR_WHAT = re.compile(r"\b(?:meant|designed|intended|supposed|aims?|aimed|purpose|goals?|objectives?|point)\b", re.IGNORECASE)
ENOUGH, MOST_COMMAS, NEAR = 2, 4, 5  # of a sign; of a list; words from a number to what it counts


def sign(question: Question, sentence: str) -> float:
    reads = _OF.get(question.asks)
    return reads(question, sentence) if reads else 0.0


def is_definition(question: Question, sentence: str) -> float:
    """More where what it defines is what was asked about."""
    found = DEFINED.search(sentence)
    if not found or not question.terms:
        return 0.0
    subject = set(question.terms)
    return 0.3 + 0.7 * len(subject.intersection(roots(sentence[: found.start()]))) / len(subject)


def _when(question: Question, sentence: str) -> float:
    if _new(DAY_OR_MONTH, question, sentence):
        return 1.0
    if _new(YEAR, question, sentence):
        return 0.8
    return 0.4 if TIME.search(sentence) else 0.0


def _count(question: Question, sentence: str) -> float:
    numbers = [match for match in _numbers(sentence) if match[0] not in question.text]
    wanted = set(question.focus)
    if any(wanted.intersection(roots(" ".join(sentence[match.end() :].split()[:NEAR]))) for match in numbers):
        return 1.0
    return 0.5 if numbers else 0.0


def _amount(question: Question, sentence: str) -> float:
    if _new(MEASURED, question, sentence):
        return 1.0
    return 0.5 if any(match[0] not in question.text for match in _numbers(sentence)) else 0.0


def _numbers(sentence: str) -> Iterator[re.Match[str]]:
    """Without those of dates."""
    dated = [match.span() for pattern in (DAY_OR_MONTH, YEAR) for match in pattern.finditer(sentence)]
    return (one for one in NUMBER.finditer(sentence) if not any(begin <= one.start() < end for begin, end in dated))


def _who(question: Question, sentence: str) -> float:
    """Another than whom it asks about, by however many names."""
    own = set(question.text.casefold().replace("'", " ").split())
    named = [set(name.casefold().split()[-1:]) for name in question.names if name.casefold().split()[0] in TITLES]
    persons = [set(match[0].casefold().split()) for match in PERSON.finditer(sentence)]
    if any(not own.issuperset(one) and not any(name <= one for name in named) for one in persons):
        return 1.0
    return 0.4 if any(match[0].casefold() not in own for match in PROPER.finditer(sentence)) else 0.0


def _where(question: Question, sentence: str) -> float:
    own = set(question.text.casefold().split())
    named = any(match[0].split()[-1].casefold() not in own for match in IN_A_PLACE.finditer(sentence))
    return 0.6 * named + 0.4 * bool(PLACED.search(sentence))


def _list(_: Question, sentence: str) -> float:
    return 0.5 * min(sentence.count(","), MOST_COMMAS) / MOST_COMMAS + 0.5 * bool(LISTED.search(sentence))


def _told_by(pattern: re.Pattern[str], question: Question, sentence: str) -> float:
    return min(_new(pattern, question, sentence), ENOUGH) / ENOUGH


def _why(question: Question, sentence: str) -> float:
    """A cause; half as much a purpose."""
    purposes = 0.5 * min(_new(PURPOSE, question, sentence), 1) * bool(_FOR_WHAT.search(question.text))
    return min(1.0, _told_by(CAUSED, question, sentence) + purposes)


def _changed(question: Question, sentence: str) -> float:
    """Both from what and to what, or half of it."""
    return 1.0 if FROM_AND_TO.search(sentence) else 0.5 * min(_new(CHANGED, question, sentence), 1)


def _new(pattern: re.Pattern[str], question: Question, sentence: str) -> int:
    """How often it says so in words that the question does not have."""
    own = question.text.casefold()
    return sum(match[0].casefold() not in own for match in pattern.finditer(sentence))


_OF: dict[Asks, Callable[[Question, str], float]] = {
    Asks.WHEN: _when,
    Asks.COUNT: _count,
    Asks.AMOUNT: _amount,
    Asks.WHO: _who,
    Asks.WHERE: _where,
    Asks.MEANING: is_definition,
    Asks.LIST: _list,
    Asks.WHY: _why,
    Asks.HOW: partial(_told_by, DONE_BY),
    Asks.CHANGE: _changed,
    Asks.COMPARISON: partial(_told_by, COMPARED),
    Asks.TERMS: partial(_told_by, AGREED),
    Asks.VIEW: partial(_told_by, HELD),
}
