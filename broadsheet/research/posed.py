"""What is asked of the library, as the address of a page says it, and back again. Whatever an address says asks something. Pure.

A question, those before it in its thread, and what was put right: countries by ISO code, the first and the last year.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from hashlib import blake2b
from urllib.parse import urlencode

from broadsheet.library.gazetteer import Sort, shipped
from broadsheet.research.asking import LONGEST, Question
from broadsheet.research.threads import corrected, in_words, last_of

PAGE = "/research/"
MOST_BEFORE = 4  # questions of a thread that are read
MOST_COUNTRIES = 6
ANY = "any"
YEARS = range(1500, 2100)

Fields = Mapping[str, Sequence[str]]


@dataclass(frozen=True, slots=True)
class Posed:
    """`countries`: None as the question has them, () any. `first`, `last`: 0 as the question has it."""

    text: str = ""
    before: tuple[str, ...] = ()
    countries: tuple[str, ...] | None = None
    first: int = 0
    last: int = 0
    any_year: bool = False

    @property
    def question(self) -> Question:
        years = (self.first or YEARS.start, self.last or YEARS.stop - 1) if self.first or self.last else None
        asked = last_of((*self.before, self.text))
        open_ended = bool(self.first and not self.last)
        return corrected(asked, countries=self.countries, years=years, any_year=self.any_year, open_ended=open_ended)

    @property
    def parameters(self) -> list[tuple[str, str]]:
        return [("q", self.text), *(("after", each) for each in self.before), *self.corrections]

    @property
    def corrections(self) -> list[tuple[str, str]]:
        """What was put right, as an address has it."""
        said = [("country", code) for code in self.countries or (ANY,)] if self.countries is not None else []
        said += [("years", ANY)] if self.any_year else []
        said += [("from", str(self.first))] if self.first else []
        return said + ([("to", str(self.last))] if self.last else [])

    @property
    def put_right(self) -> tuple[str, ...]:
        """The same in words."""
        known = shipped().actors
        named = [known[f"{Sort.COUNTRY.value}:{code}"].name for code in self.countries or ()]
        said = [" and ".join(named) or "any country"] if self.countries is not None else []
        return (*said, *(["any year"] if self.any_year else []), *([self._years] if self.first or self.last else []))

    @property
    def _years(self) -> str:
        if not self.last:
            return f"since {self.first}"
        if not self.first:
            return f"until {self.last}"
        return str(self.first) if self.first == self.last else f"{self.first}–{self.last}"

    @property
    def query(self) -> str:
        return urlencode(self.parameters) if self.text else ""

    @property
    def address(self) -> str:
        return f"{PAGE}?{self.query}" if self.text else PAGE

    @property
    def mark(self) -> str:
        return blake2b(self.query.encode(), digest_size=16).hexdigest()

    @property
    def any_country(self) -> bool:
        """Put right to be about none."""
        return self.countries == ()

    def about(self, countries: Sequence[str]) -> "Posed":
        return replace(self, countries=tuple(countries))

    def of_any_year(self) -> "Posed":
        return replace(self, first=0, last=0, any_year=True)

    @property
    def thread(self) -> tuple[str, ...]:
        """What a question that follows stands after. Put right, it stands there alone, in words that say so.

        Of a long one, the first of these says what the thread was about until then.
        """
        if self.corrections:
            return (in_words(self.question),)
        asked = (*self.before, self.text)
        if len(asked) <= MOST_BEFORE:
            return asked
        latest = asked[1 - MOST_BEFORE :]
        return (tidy(in_words(last_of(asked[: -len(latest)]))), *latest)


def posed_in(fields: Fields) -> Posed:
    """What cannot be meant is left out."""
    text = tidy(_last(fields, "q"))
    named = [code.upper() for code in fields.get("country", ())]
    codes = tuple(dict.fromkeys(code for code in named if f"{Sort.COUNTRY.value}:{code}" in shipped().actors))
    any_country = ANY.upper() in named and not codes
    first, last = _year(_last(fields, "from")), _year(_last(fields, "to"))
    if first and last and last < first:
        first, last = last, first
    return Posed(
        text=text,
        before=tuple(tidied for each in fields.get("after", ()) if (tidied := tidy(each)))[-MOST_BEFORE:],
        countries=codes[:MOST_COUNTRIES] if codes or any_country else None,
        first=first,
        last=last,
        any_year=_last(fields, "years") == ANY and not (first or last),
    )


def tidy(typed: str) -> str:
    return " ".join("".join(letter if letter.isprintable() else " " for letter in typed[:LONGEST]).split())


def _year(typed: str) -> int:
    """0 where it is none."""
    return int(typed) if len(typed) == 4 and typed.isascii() and typed.isdecimal() and int(typed) in YEARS else 0


def _last(fields: Fields, name: str) -> str:
    said = fields.get(name, ())
    return said[-1] if said else ""
