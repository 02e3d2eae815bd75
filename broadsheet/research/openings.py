"""Whether a sentence can be quoted by itself: who opens on "He" or "However" leans on what was said before. Pure."""

import re

# They say nothing of their own, and can be left out with a mark.
_CONNECTIVES = (
    "However|But|And|So|Also|Moreover|Furthermore|Therefore|Thus|Nevertheless|Nonetheless|Meanwhile|In addition(?! to)"
    "|As a result(?! of)|Instead(?! of)|Yet|Similarly|Likewise|Consequently|Still|Hence|Indeed|Accordingly|Additionally|Besides"
    "|On the other hand|At the same time|In turn|Now|Then|Or|Nor|Well|Look|Finally|Secondly|Thirdly|Firstly|Lastly|Second|Third"
    "|First|In fact|Of course|For example|For instance|In short|In other words|That said|Subsequently|Conversely|Again|Rather"
    "|Too|Plus|As well(?! as)|In particular|Specifically|After all|Obviously|Clearly"
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
    rf"[\"'“‘(]*(?:(?:{_PREPOSITIONS})|(?!(?:\w+ing|\w+ed|given)(?: \w+)? that\b)(?:\w+ing|\w+ed)(?: \w+)?)"
    rf"(?: (?:all|both|most|some|many|each|one|part))?(?: of)? (?:{_LEANING})\b",
    re.IGNORECASE,
)
_IT_ANNOUNCES = re.compile(  # "it" of these means nothing, and needs nothing before it
    r"it(?:'s|’s| is| was| has been| would be| will be| seems| appears| remains| became)"
    r"(?: (?:also|now|very|quite|so|not|clearly|fair|only|long|widely|generally))*"
    r"(?: (?:important|clear|essential|vital|necessary|likely|unlikely|possible|impossible|true|fair|hard|difficult|estimated"
    r"|believed|expected|reported|thought|said|time|obvious|critical|crucial|right|wrong|worth|understood|known))?"
    r"(?: for \w+(?: \w+)?)? (?:that|to|whether)\b"
    r"|it(?:'s|’s| is| was) (?:(?:also|just|only|perhaps|partly|largely|not) )*(?:because|(?<!just )such an?|after|until|when)\b"
    r"[^.;:]{5,160}? (?:that|which|who)\b"
    r"|it(?:'s|’s| is| was| has been) (?:our|my|the) (?:\w+ )?"
    r"(?:hope|aim|goal|view|belief|intention|policy|fear|wish|position|duty)(?: of [\w ]{2,40}?)? (?:that|to)\b",
    re.IGNORECASE,
)
# What opens on these can be left out with a mark, and what is left says the same.
_CONCLUDES = re.compile(
    r"[\"'“‘]?(?:(?:that|this|which|it)(?:'s|’s| is| was) (?:(?:also|exactly|precisely|partly|largely) )?"
    r"(?:why|the reason(?: why| that)?)"
    r"|for (?:that|this) reason|this means(?: that)?|(?:that|this) is to say(?: that)?),? ",
    re.IGNORECASE,
)
_RECALLS = re.compile(  # nobody recalls what is not so
    r"[\"'“‘]?(?:he|she|it|they|this|these|both)(?: (?:\w+ly|also|further|both|all))*"
    r" (?:recall(?:s|ed)?|acknowledge[sd]?|recogni[sz]e[sd]?|note[sd]?|remember(?:s|ed)?) that ",
    re.IGNORECASE,
)
_INTRODUCES = re.compile(  # when, where and wherefore; not on what condition
    r"[\"'“‘]?(?:in|on|at|to|for|from|after|before|during|since|following|because of|as part of|along with|alongside|through|by"
    r"|beyond|despite|amid|throughout|among|besides|given)"
    r"(?: (?!no\b|not\b|case|event|scenario|circumstances|conditions?\b)[\w’'-]+){1,7}, (?![^,]{0,25},)(?=\S)",
    re.IGNORECASE,
)
# "MAKING PORTS SAFE AGAIN", where a transcript would have a name: by words that stand in nobody's.
_DOING = r"(?!(?:ACTING|PRESIDING|INCOMING|OUTGOING|IRVING|STERLING)\b)\w{3,}ING [^:a-z]{2,80}"
_VERBS = r"[^:a-z]{1,60} (?:IS|ARE|WILL|KEEPS|KEPT|DELIVERS|PROMISED|REQUIRES|OMITTED)\b[^:a-z]{0,60}"
_OTHERS = (
    r"(?:[^:a-z]{1,60} )?(?:AND|OUR|HIS|WITH|FROM|TO|FOR|NOT|NO|AGAIN|AGAINST)\b[^:a-z]{0,60}|(?:A|AN|BY|ON|IN) [^:a-z]{2,80}"
)
_OFFICES = (
    "PRESIDENT|MINISTER|MRS?|MS|DR|SECRETARY|SENATOR|AMBASSADOR|GENERAL|OFFICIALS?|KING|DIRECTOR|CHAIR(?:MAN|WOMAN)?|PROFESSOR"
    "|LADY|ADMIRAL|GOVERNOR|SPEAKER|HOST|CHANCELLOR|PREMIER|SIR|MAYOR|COMMISSIONER|TREASURER|REPRESENTATIVE|JOURNALISTS?"
    "|REPORTER|INTERPRETER|MODERATOR|EXCELLENCY|MP|MEMBERS?|CHIEF"
)
HEADING = re.compile(
    rf"(?:{_DOING}|{_VERBS}|(?!(?:[^:]{{0,60}} )?(?:{_OFFICES})\b)(?:{_OTHERS})"
    r"|EMBARGO(?:ED)?|BACKGROUND|CONCLUSION|ATTACHMENT|INTRODUCTION)(?=:)"
)
_MARKED_UP = r"\*\*[^*:]{2,90}(?::\s?\*\*|\*\*:)\s*(?![\"“*\s])"  # a label in bold, unless somebody is quoted behind it
_LABEL = re.compile(rf"{HEADING.pattern}:\s+(?=\w)|{_MARKED_UP}")
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


def begin_by_itself(text: str) -> int | None:
    """Where it begins when all is left out that joins it to what was said before; None where it leans on that still."""
    label = _LABEL.match(text)
    begin = label.end() if label else 0
    while True:
        begin += begin_without_connectives(text[begin:])
        rest = text[begin:]
        if not leans(rest):
            return begin
        found = _CONCLUDES.match(rest) or _RECALLS.match(rest) or _INTRODUCES.match(rest)
        if not found:
            return None
        begin += found.end()
