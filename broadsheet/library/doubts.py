"""Names that mean several things: whether this one, here, is ours. Pure: the text and where the name stands in, yes or no out."""

import re
from collections.abc import Callable

Doubt = Callable[[str, int, int], bool]  # text, start, end -> is it ours?
NEARBY = 120  # letters

GEORGIA_IN_THE_CAUCASUS = re.compile(
    r"\b(?:Tbilisi|Abkhaz\w*|Ossetia\w*|Saakashvili|Shevardnadze|Caucasus|Georgian Dream|Kartli)\b"
)
ITS_NEIGHBOURS = re.compile(r"\b(?:Armenia|Azerbaijan|Russia\w*|Ukrain\w+|Moldova|NATO|Soviet|Turkey|Kazakhstan|Euro)\b")
GEORGIA_IN_AMERICA = re.compile(
    r"\b(?:Atlanta|Alabama|Florida|Tennessee|Carolina|Arizona|Michigan|Pennsylvania|Wisconsin|Nevada|Ohio|Texas|Virginia|Savannah"
    r"|Augusta|Senate|Senator|runoff|Democrats?|Republicans?|Congress\w*|voters|Governor|counties)\b"
)
THANKSGIVING = re.compile(r"\b(?:Thanksgiving|pardon(?:ed|ing)? (?:the|a|this) (?:\w+ )?turkey|turkeys)\b")
LONG_WORD = re.compile(r"[A-Za-z]{4,}")
WORD_BEFORE = re.compile(r"([A-Z][\w.'-]*) $")
FIRST_NAME = re.compile(r"(?:^|[^.!?:\w] ?)\b([A-Z][a-z]+) $")
SURNAME = re.compile(r" ([A-Z][a-z]+)")
# Written with a capital before a name, and no first name.
TITLES = re.compile(
    "Prime|President|Minister|King|Mr|Mrs|Ms|Sir|General|Chancellor|Premier|Secretary|Chairman|Ayatollah|Colonel|Marshal|Kingdom"
    "|Ambassador|Emperor|Crown|Prince|Queen|Vice|Leader|Former|Senator|Dictator|Governor"
)
SMALL_WORDS = re.compile("The|In|And|But|To|From|With|For|Of|When|While|If|As|At|By|On|Since|Under|Both|Then|Like")
NEIGHBOURS = re.compile("Egypt|Syria|Israel|Lebanon|Iraq|Ankara|Nigeria|Niger|Cameroon|Sudan|Libya|Greece")
AFTER_A_COUNTRY = re.compile("King|Prime|President|Minister|Government|Basin|And|River|Valley|Ambassador|Foreign|Delta")


def _is_georgia(text: str, start: int, end: int) -> bool:
    """What stands near it says which; then what the whole text is about."""
    near = text[max(0, start - NEARBY) : end + NEARBY]
    if ITS_NEIGHBOURS.search(near) or GEORGIA_IN_THE_CAUCASUS.search(text):
        return True
    return not GEORGIA_IN_AMERICA.search(text)


def _is_no_person(text: str, start: int, end: int) -> bool:
    """Michael Jordan, Chad Smith; but Jordan and Egypt, King Abdullah of Jordan."""
    before = FIRST_NAME.search(text[max(0, start - 24) : start])
    if before and not any(known.fullmatch(before[1]) for known in (TITLES, SMALL_WORDS, NEIGHBOURS)):
        return False
    surname = SURNAME.match(text, end)
    return surname is None or bool(AFTER_A_COUNTRY.fullmatch(surname[1]))


def _is_no_bird(text: str, start: int, end: int) -> bool:
    return not THANKSGIVING.search(text)


def _is_calm(text: str, start: int, end: int) -> bool:
    """An acronym, not a word of a shouted line."""
    around = LONG_WORD.findall(text[max(0, start - NEARBY) : end + NEARBY])
    return sum(word.isupper() for word in around) * 2 <= len(around)


def _is_no_money(text: str, start: int, end: int) -> bool:
    return not text.startswith("$", end) and _is_calm(text, start, end)


def _is_no_outback(text: str, start: int, end: int) -> bool:
    return not text.endswith(("the ", "The ", "Australian "), 0, start) and is_surname_alone(text, start, end)


def is_surname_alone(text: str, start: int, end: int) -> bool:
    """Not Jeb Bush, not Laura Bush: another first name makes another person."""
    before = WORD_BEFORE.search(text[max(0, start - 24) : start])
    if before is None or before[1].endswith("'s") or TITLES.fullmatch(before[1].rstrip(".")) or SMALL_WORDS.fullmatch(before[1]):
        return True
    return text[max(0, start - len(before[0]) - 2) : start - len(before[0])].strip(" \n") in {"", ".", "!", "?", '"', "\u201c"}


def _beside(words: str) -> Doubt:
    """An acronym of two things: ours where one of these words stands in the text."""
    pattern = re.compile(rf"\b(?:{words})")
    return lambda text, start, end: bool(pattern.search(text))


DOUBTS: dict[str, Doubt] = {
    **dict.fromkeys(("Georgia", "Georgian", "Georgians"), _is_georgia),
    **dict.fromkeys(("Jordan", "Chad", "Israel"), _is_no_person),
    **dict.fromkeys(("UN", "EU", "UK", "WHO", "ICC", "IOC", "ROK", "PNG", "IOM", "ADB", "OAS", "GCC", "SCO"), _is_calm),
    "US": _is_no_money,
    "Turkey": _is_no_bird,
    "Bush": _is_no_outback,
    "IRA": _beside("Irish|Ireland|Ulster|Belfast|Sinn F"),
    "ETA": _beside("Basque|Spain|Spanish"),
    "CAR": _beside("Central Afric"),
    "ANC": _beside("Africa"),
    "RSF": _beside("Sudan"),
    "PLA": _beside("Chin"),
}
