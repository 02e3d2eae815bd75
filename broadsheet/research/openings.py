"""Whether a sentence can be quoted by itself: who opens on "He" or "However" leans on what was said before. Pure."""

import re

# They say nothing of their own, and can be left out with a mark.
_CONNECTIVES = (
    "However|But|And|So|Also|Moreover|Furthermore|Therefore|Thus|Nevertheless|Nonetheless|Meanwhile|In addition|As a result"
    "|Instead|Yet|Similarly|Likewise|Consequently|Still|Hence|Indeed|Accordingly|Additionally|Besides|On the other hand"
    "|At the same time|In turn|Now|Then|Or|Nor|Well|Look|Finally|Secondly|Thirdly|Firstly|Lastly|Second|Third|First|In fact"
    "|Of course|For example|For instance|In short|In other words|That said|Subsequently|Conversely|Again|Rather|Too|Plus|As well"
    "|In particular|Specifically|After all|Obviously|Clearly"
)
CONNECTIVE = re.compile(rf"[\"'“‘]?(?:{_CONNECTIVES})\b(?P<comma>,)?\s*", re.IGNORECASE)
_SET_OFF = re.compile(  # mean something of their own unless a comma follows: "First Lady", "Still waters", "Second World War"
    r"[\"'“‘]?(?:First|Second|Third|Still|Then|Now|Well|Again|Rather|Or|Too|Look|Indeed|Clearly|Plus|So|Instead|Nor|Yet|Finally"
    r"|Besides)\b(?!,)",
    re.IGNORECASE,
)
_LEANING = (
    "he|she|it|they|him|her|them|this|that|these|those|his|hers|its|their|theirs|such|there(?:fore|by|after)|another|others"
    "|the (?:latter|former|same|other)|both|neither|either|(?:some|one|all) of (?:them|these|those)|as such"
)
_PREPOSITIONS = (
    r"in \w+ (?:with|to|of)|in|on|at|by|for|with|from|to|under|after|before|during|since|despite|because of|as part of|as|when"
    r"|while|if|although|though|once|until|given|following|like|unlike|through|of|over|among|between|against|beyond|along with"
    r"|according to|due to|thanks to|where|whether"
)
LEANS = re.compile(rf"[\"'“‘(]*(?:{_LEANING})\b(?!-)", re.IGNORECASE)
LEANS_SOON = re.compile(
    rf"[\"'“‘(]*(?:(?:{_PREPOSITIONS})|(?:\w+ing|\w+ed)(?: \w+)?)(?: (?:all|both|most|some|many|each|one|part))?(?: of)?"
    rf" (?:{_LEANING})\b",
    re.IGNORECASE,
)
_IT_ANNOUNCES = re.compile(  # "it" of these means nothing, and needs nothing before it
    r"it(?:'s|’s| is| was| has been| would be| will be| seems| appears| remains| became)"
    r"(?: (?:also|now|very|quite|so|not|clearly|fair|only|long|widely|generally))*"
    r"(?: (?:important|clear|essential|vital|necessary|likely|unlikely|possible|impossible|true|fair|hard|difficult|estimated"
    r"|believed|expected|reported|thought|said|time|obvious|critical|crucial|right|wrong|worth|understood|known))?"
    r"(?: for \w+(?: \w+)?)? (?:that|to|whether)\b",
    re.IGNORECASE,
)
_NAMES_THEM = re.compile(r"(?:[Bb]oth|[Ss]uch as|[Ee]ither|[Nn]either) [A-Z]")


def stands_alone(text: str) -> bool:
    return not (CONNECTIVE.match(text) and not _SET_OFF.match(text)) and not leans(text)


def leans(text: str) -> bool:
    """It opens on a word that stands for somebody or something said before."""
    if _IT_ANNOUNCES.match(text.lstrip("\"'“‘(")) or _NAMES_THEM.match(text):
        return False
    return bool(LEANS.match(text) or LEANS_SOON.match(text))


def begin_without_connectives(text: str) -> int:
    """Where it begins when they are left out; 0 where none stands there."""
    begin = 0
    while (found := CONNECTIVE.match(text, begin)) and found.end() < len(text) and not _SET_OFF.match(text, begin):
        begin = found.end()
    return begin
