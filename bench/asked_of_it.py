"""Questions about a library, made of its own sentences by rules of its own: those that it answers, and those that it cannot.

Knows nothing of how briefs are made. What the library cannot answer is half far off (a thing that no text names) and half a near
miss: who and what of two different questions, or a year, that no article has together.
"""

import random
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

Holds = Callable[[Sequence[str]], bool]  # whether an article has all of these
IN_ANOTHER_YEAR = 0.3  # of near misses
_NAME = r"(?:the )?[A-Z][\w’'-]+(?: (?:of |the |and )?[A-Z][\w’'-]+){0,4}"
_MONTH = "January|February|March|April|May|June|July|August|September|October|November|December"
_DAY = rf"(?:\d{{1,2}} )?(?:{_MONTH})(?: \d{{1,2}},?)?,? (?:19|20)\d\d"
_VERBS = {
    "announced": "announce", "signed": "sign", "visited": "visit", "launched": "launch", "established": "establish",
    "joined": "join",
    "won": "win", "became": "become", "began": "begin", "ended": "end", "agreed": "agree", "declared": "declare",
    "founded": "found", "invaded": "invade", "seized": "seize", "adopted": "adopt", "approved": "approve", "opened": "open",
    "called": "call",
    "expelled": "expel", "recognized": "recognize", "recognised": "recognise", "elected": "elect", "provided": "provide",
    "killed": "kill", "arrested": "arrest", "rejected": "reject", "condemned": "condemn", "met": "meet", "held": "hold",
    "led": "lead", "built": "build", "gained": "gain", "received": "receive", "pledged": "pledge", "welcomed": "welcome",
}  # fmt: skip
_VERB = "|".join(_VERBS)
_SENTENCE = re.compile(r"(?<=[.!?])\s+(?=[A-Z])")
_WHEN = re.compile(rf"^(?P<who>{_NAME}) (?P<verb>{_VERB}) (?P<what>[^.;:()]{{8,70}}?) (?:in|on) (?P<day>{_DAY}|(?:19|20)\d\d)\b")
_WHO = re.compile(rf"^(?P<who>[A-Z][\w’'-]+ [A-Z][\w’'-]+) (?P<verb>{_VERB}) (?P<what>[^.;:()]{{15,80}}?)(?=[.,;])")
_MANY = re.compile(
    rf"^(?P<who>{_NAME}) (?P<verb>{_VERB}) (?:about |some |nearly |more than )?(?P<n>\d[\d,]+) (?P<what>(?:[a-z]+ ?){{1,3}})"
    r"(?P<rest>[^.;:()]{10,60}?)(?=[.,;])"
)
_LINE = re.compile(
    r"^(?P<what>Chief of state|Head of government|Government type|Legal system|Terrorist group\(s\)|Political parties): \S"
)
_STOPS = re.compile(
    r"the|of|and|for|with|from|that|this|which|their|its|has|have|had|was|were|been|into|over|about|after|before|between"
)
_NO_NAME = re.compile(
    r"The|This|That|He|She|It|They|We|In|On|I|You|Mr|At|A|An|But|And|As|If|There|Our|My|What|When|So|Well|Since|President"
)
_WORD = re.compile(r"[A-Za-z][A-Za-z’'-]{3,}")
_ABSENT = (
    "the Treaty of Quillmark", "the Ormendy Canal", "the Vastrel Pipeline", "Prime Minister Tovald Isksen", "the Kerrowan Accord",
    "the Blue Lantern Fund", "President Amara Zelwicz", "the Drosvale Declaration", "the Pelmic Union",
    "the Harrowgate Protocol on kelp",
    "axolotl farming", "competitive yodelling", "crochet patterns", "sourdough hydration", "the Fermi paradox",
    "zeppelin racing",
    "marsupial dentistry", "baroque lute tuning", "quidditch rules", "kombucha brewing", "the Voynich manuscript",
    "bonsai grafting",
    "sudoku strategy", "falconry hoods", "theremin lessons",
)  # fmt: skip
_ASKS_OF_IT = (
    "What is {}?", "When was {} agreed?", "Who was behind {}?", "How has {} changed since 2001?", "Why did Australia oppose {}?",
    "What did the United States say about {}?", "How many countries support {}?", "Where was {} discussed?",
)  # fmt: skip


_SHAPES = (
    (_WHEN, "When did {who} {does} {what}?"),
    (_MANY, "How many {counted}did {who} {does}{rest}?"),
    (_WHO, "Who {verb} {what}?"),
)


@dataclass(frozen=True, slots=True)
class Fact:
    """`who` and `what`: the two halves of the question, of which another may be put in the place of one."""

    question: str
    who: str
    what: str
    shape: str


def facts_in(headline: str, text: str) -> Iterator[Fact]:
    for line in text.splitlines():
        if (found := _LINE.match(line)) and ": Country Profile" in headline:
            country, what = headline.partition(":")[0], found["what"].lower()
            asks = (
                "Who is" if what in {"chief of state", "head of government"} else "What are" if what.endswith("s") else "What is"
            )
            shape = f"{asks} the {what} of {{who}}?"
            yield Fact(shape.format(who=country), country, what, shape)
        for sentence in _SENTENCE.split(line):
            yield from _told(sentence)


def _told(sentence: str) -> Iterator[Fact]:
    for pattern, shape in _SHAPES:
        found = pattern.match(sentence)
        if not found or _NO_NAME.fullmatch(found["who"].split()[0]):
            continue
        parts = found.groupdict() | {"does": _VERBS[found["verb"]]}
        if "{counted}" in shape:
            parts |= {"counted": found["what"].rstrip() + " ", "rest": " " + found["rest"].strip()}
        shape = shape.replace("{does}", parts["does"]).replace("{verb}", found["verb"])
        own = shape.replace("{who}", "\0")
        filled = own.format(**{key: value for key, value in parts.items() if key != "who"}).replace("\0", "{who}")
        yield Fact(filled.replace("{who}", found["who"]), found["who"], parts["what"], filled)
        return


def far_off(chance: random.Random, many: int, holds: Holds) -> list[str]:
    """About what no article names."""
    absent = [thing for thing in _ABSENT if not holds(words(thing) if thing.islower() else [thing.removeprefix("the ")])]
    pairs = [shape.format(thing) for thing in absent for shape in _ASKS_OF_IT]
    return chance.sample(pairs, k=min(many, len(pairs)))


def near_misses(chance: random.Random, facts: Sequence[Fact], many: int, holds: Holds) -> list[str]:
    """Two halves that no article has both of: another's name beside what is asked, or another year."""
    found: list[str] = []
    swappable = [fact for fact in facts if "{who}" in fact.shape]
    names = sorted({fact.who for fact in facts if " " in fact.who})
    while len(found) < many:
        fact = chance.choice(swappable)
        telling = rarest(fact.what)
        if chance.random() < IN_ANOTHER_YEAR:
            year = str(chance.randrange(1955, 2026))
            if telling and not holds([fact.who, year, *telling]):
                found.append(f"What did {fact.who} do about {fact.what} in {year}?")
            continue
        who = chance.choice(names)
        if who != fact.who and telling and not holds([who, *telling]):
            found.append(fact.shape.replace("{who}", who))
    return found


def rarest(text: str) -> list[str]:
    """The longest word: what it is about, as far as can be told without counting."""
    return sorted(words(text), key=len, reverse=True)[:1]


def words(text: str) -> list[str]:
    return [word for word in _WORD.findall(text) if not _STOPS.fullmatch(word.lower())]
