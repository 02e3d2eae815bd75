"""A paragraph in its sentences, each where it stands, so that it can be quoted to the letter. Pure.

None ends at an abbreviation, an initial, a number or inside brackets; a quotation mark that closes belongs to the one before.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from broadsheet.research.openings import HEADING

LONGEST_SPEAKER = 60  # letters
_ENDS = re.compile(r"(?<!\.\.)[.!?…]+[\"'”’»)\]]*(?=\s)")
_BEGINS = re.compile(r"\s+[\"'“‘«(\[]*[A-Z0-9À-ÞŠŽ£$€]")
_BEFORE_NAMES = re.compile(
    r"mr|mrs|ms|dr|prof|gen|lt|col|sgt|capt|cpl|maj|adm|brig|rev|fr|st|hon|sen|rep|gov|messrs|mt|ft|vs|cf|e\.g|i\.e|al",
    re.IGNORECASE,
)
_BEFORE_NUMBERS = re.compile(r"nos?|art|vol|pp?|fig|sec|approx|ca|jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec", re.IGNORECASE)
_MAYBE_LAST = re.compile(r"inc|ltd|co|corp|[js]r|etc|u\.s|u\.k|u\.n|e\.u|[ap]\.m|d\.c|bros|est", re.IGNORECASE)
_WORD_BEFORE = re.compile(r"([^\s(\[\"“‘]+)$")
_INITIAL = re.compile(r"(?:[A-Z]\.)*[A-Z]")
_GOES_ON = re.compile(  # what may follow an abbreviation that ends no sentence there
    r"\s+(?:[a-z(]|[A-Z][\w.'’-]*\s+(?:and|of|[A-Z])|Government|Congress|Senate|Army|Navy|President|Secretary|Treasury|dollar|[A-Z]{2,}\b|\d)"
)
_NUMBER, _LIST_NUMBER = re.compile(r"\s+\d"), re.compile(r"\s*\d{1,2}")
_CAPITALS = "A-Z" + "".join(filter(str.isupper, map(chr, (*range(0xC0, 0x250), *range(0x1E00, 0x1F00)))))  # NIINISTÖ, ŠIMONYTĖ
_SPEAKER = re.compile(rf"(?P<name>(?:Mc|[{_CAPITALS}(])(?:[{_CAPITALS}.'’&/(), -]|Mc|of |the ){{0,59}}):\s+(?=\S)")
_SHORT_SPEAKER = re.compile(
    r"(?P<name>Q)[.:]?\s+(?!and\b|&|[Ff]ever\b)(?=\S)"  # a question, often without a mark after it
    r"|(?P<other>A|PM|(?:Mr|Mrs|Ms|Dr)\.? [A-Z][a-z]+|Prime Minister(?: [A-Z]\w+){0,2}|(?:President|Minister|Senator) [A-Z]\w+"
    r"|Question|Journalist|Reporter|Interviewer):\s+(?=\S)"
)
# "Senator Ada Lind: “We agree.”", on a page that gathers what others say: of the one paragraph alone.
_WHO_IS_QUOTED = re.compile(
    r"(?P<name>(?!(?:On|In|As|At|And|But|So|This|That|It|He|She|We|I|They|You|For|To|With|From|By|If|When|What|How|Why)\b)"
    r"(?!\w{3,}ing )[A-Z][\w.'’&/-]*(?:,? (?:(?:of|the|for|and|de|van|von|bin|al|on|in|at|to)\b|[A-Z(&][\w.'’&()/-]*)){0,9})"
    r":\s+[“\"](?=\S)"
)
_MARKS = re.compile("[“”]")
_QUOTATION_ENDS = re.compile(r"[”\"]\s*$")
_NOBODY = frozenset(
    {"SUBJECT", "SUBJECTS", "NOTE", "DATE", "FOR", "TO", "FROM", "RE", "FACT SHEET", "UPDATE", "TEL", "FAX", "SUMMARY"}
)
# "THE ART OF THE DEAL", "TARIFFS WORK": where nobody of an office or a rank is meant, these are things.
_A_THING = re.compile(r"THE\b|OF\b|.*[^,] (?:OF|BY|IN|AT|BETWEEN|UNDER)\b")
_HOLDS_AN_OFFICE = re.compile(
    r"\b(?:PRESIDENTS?|MINISTERS?|PM|MRS?|MS|DR|SECRETARY|SENATOR|AMBASSADOR|GENERAL|OFFICIALS?|KING|QUEEN|PRINCE|PRINCESS|POPE"
    r"|DIRECTOR|CHAIR\w*|PROFESSOR|LADY|GENTLEMAN|ADMIRAL|GOVERNOR|SPEAKER|HOST|CHANCELLOR|PREMIER|SIR|HON|MAYOR|COMMISSIONER"
    r"|TREASURER|REPRESENTATIVE|CONGRESS(?:MAN|WOMAN)|JOURNALISTS?|REPORTERS?|INTERVIEWER|PRESENTER|CALLER|INTERPRETER|MODERATOR"
    r"|OPERATOR|ADMINISTRATOR|EXCELLENCY|MP|MEMBERS?|CHIEF|HEAD|LEADER|MASTER|BISHOP|FATHER|RABBI|PASTOR|CHAPLAIN|REVEREND"
    r"|COLONEL|MAJOR|MARSHAL|CAPTAIN|LIEUTENANT|SERGEANT|JUDGE|JUSTICE|COACH|SPOKES\w+|VOICE|AUDIENCE|CROWD|PRESS|AUDIO|QUESTION)\b"
)
_LONG_WORD = re.compile(r"[^\W\d_]{6,}")  # MARK and BILL are words too
_ASKERS = re.compile(
    r"\b(?:JOURNALIST|QUESTION|REPORTER|INTERVIEWER|COMPERE|PRESENTER|HOST|CALLER|Q|Question|Journalist|Reporter|Interviewer)\b"
)
_WONDERS = re.compile(  # without a question mark
    r"\bI(?:[’']m| am| was|[’']d)?(?: just)? (?:wonder(?:ing)?|like to ask|want(?:ed)? to ask)\b"
    r"|\b(?:could|can|would|will|do) you (?:please |just |maybe |perhaps )*"
    r"(?:detail|tell|say|explain|give|talk|speak|comment|elaborate|share|confirm|describe)\b",
    re.IGNORECASE,
)
_LABEL = re.compile(r"(?:[A-Z]\w+ - \w+|[Nn]ote(?: \d+)?):\s+(?=\S)")  # "Military - note:", which says nothing
_BULLET = re.compile(
    r"\s*(?:[•·▪–—*\u2600-\u27bf\u2b00-\u2bff\U0001f300-\U0001faff-]\ufe0f?|\(?(?:[0-9]{1,2}|[a-z]|[ivx]{1,4})[.)])\s+(?=\S)"
)


@dataclass(frozen=True, slots=True)
class Sentence:
    """`text` stands at `start` of its paragraph, to the letter. `speaker`: whose words a transcript says they are."""

    text: str
    start: int = 0
    speaker: str = ""

    @property
    def is_asked(self) -> bool:
        """It asks; nothing is answered by it."""
        return self.text.rstrip("\"'”’)").endswith("?") or bool(_ASKERS.match(self.speaker) or _WONDERS.search(self.text))


def speaker_of(paragraph: str) -> tuple[str, int]:
    """Who speaks, and where the words begin; "" and 0 where it is no transcript."""
    if quoted := _who_is_quoted(paragraph):
        return quoted
    found = _SPEAKER.match(paragraph) or _SHORT_SPEAKER.match(paragraph)
    name = next(filter(None, found.groups())) if found else ""
    nobody = name in _NOBODY or name in "BCDEFGHIJKLMNOPRSTUVWXYZ" or HEADING.match(paragraph)
    if not found or len(name) > LONGEST_SPEAKER or nobody or _is_a_thing(name, paragraph[found.end() :]):
        return "", 0
    return name, found.end()


def _is_a_thing(name: str, said: str) -> bool:
    """In capitals, where it cannot be told by how it is written: somebody's name is not said again as a word like any other."""
    if not name.isupper() or _HOLDS_AN_OFFICE.search(name):
        return False
    words = [word.lower() for word in _LONG_WORD.findall(name)] if " " in name else []
    return bool(_A_THING.match(name)) or any(re.search(rf"\b{word.removesuffix('s')}s?\b", said) for word in words)


def goes_on(paragraph: str, speaker: str) -> str:
    """Who speaks after it, where it is not said: who is quoted in one paragraph alone does not."""
    return speaker if _who_is_quoted(paragraph) else speaker_of(paragraph)[0] or speaker


def _who_is_quoted(paragraph: str) -> tuple[str, int] | None:
    """Where all that follows the name is their words; these begin behind the quotation mark."""
    found, ends = _WHO_IS_QUOTED.match(paragraph), _QUOTATION_ENDS.search(paragraph)
    if not found or not ends or len(found["name"]) > LONGEST_SPEAKER or ends.start() < found.end():
        return None
    return (found["name"], found.end()) if is_balanced(paragraph[found.end() : ends.start()]) else None


def is_balanced(text: str) -> bool:
    """No quotation is left open in it, or ends without having begun."""
    opened = 0
    for mark in _MARKS.findall(text):
        opened += 1 if mark == "“" else -1
        if opened < 0:
            return False
    return opened == 0 and text.count('"') % 2 == 0


def is_of_one_voice(paragraph: str, begin: int, end: int) -> bool:
    """No quotation of somebody else's words begins or ends outside of it."""
    after = _MARKS.search(paragraph, end)
    closes = after is not None and after.group() == "”" and not _who_is_quoted(paragraph)
    return not closes and is_balanced(paragraph[speaker_of(paragraph)[1] : begin]) and is_balanced(paragraph[begin:end])


def sentences(paragraph: str, *, speaker: str = "") -> list[Sentence]:
    """`speaker`: of the paragraph before, who goes on where this one names nobody."""
    named, begin = speaker_of(paragraph)
    ends = _QUOTATION_ENDS.search(paragraph) if _who_is_quoted(paragraph) else None
    bullet = _BULLET.match(paragraph, begin)
    begin = bullet.end() if bullet else begin
    begin = begin if named else _behind_label(paragraph, begin)
    found = []
    for start, end in _spans(paragraph[: ends.start()] if ends else paragraph, begin):
        text = paragraph[start:end]
        if stripped := text.strip():
            found.append(Sentence(stripped, start + text.index(stripped), named or speaker))
    return found


def _behind_label(paragraph: str, begin: int) -> int:
    """Of a heading that `openings.HEADING` knows nothing is left out here: whoever quotes does, with a mark."""
    heading = _SPEAKER.match(paragraph, begin)
    if heading and _is_a_thing(heading["name"], paragraph[heading.end() :]):
        return heading.end()
    label = _LABEL.match(paragraph, begin)
    return label.end() if label else begin


def _spans(text: str, begin: int) -> Iterator[tuple[int, int]]:
    start = begin
    for match in _ENDS.finditer(text, begin):
        if _is_end(text, match, start):
            yield start, match.end()
            start = match.end()
    yield start, len(text)


def _is_end(text: str, match: re.Match[str], start: int) -> bool:
    if not _BEGINS.match(text, match.end()) or _is_within_brackets(text[start : match.end()]):
        return False
    if not match.group().startswith(".") or match.group().startswith(".."):
        return True
    before = _WORD_BEFORE.search(text, start, match.start())
    word = before[1] if before else ""
    if _BEFORE_NAMES.fullmatch(word):
        return False
    if _BEFORE_NUMBERS.fullmatch(word) and _NUMBER.match(text, match.end()):
        return False
    if _LIST_NUMBER.fullmatch(text[start : match.start()]):
        return False
    if _INITIAL.fullmatch(word) or _MAYBE_LAST.fullmatch(word):
        return not _GOES_ON.match(text, match.end()) and not (len(word) == 1 and word != "I")
    return True


def _is_within_brackets(said: str) -> bool:
    """Of one that is never closed, the end is not waited for."""
    return said.rfind("(") > said.rfind(")") and len(said) - said.rfind("(") < 120
