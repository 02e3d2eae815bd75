"""Every form of the language of queries, with an example that may be tried: the help page prints it, a test reads each."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from broadsheet.library.asked import Asked


@dataclass(frozen=True, slots=True)
class Form:
    """`written` as it is explained, `example` as somebody would type it; `of` a facet, a value of which it names."""

    written: str
    does: str
    example: str
    of: str = ""

    @property
    def address(self) -> str:
        return Asked(self.example).address


FORMS = (
    Form(
        "words",
        "All of them, in any form: “sanction” finds “sanctions” too. Accents and capitals do not matter.",
        "grain corridor",
    ),
    Form("“exact words”", "They stand together, as written.", '"black sea"'),
    Form(
        "-word",
        "Articles in which it does not stand; words in quotation marks go in the same manner. NOT in capitals does the same.",
        "grain -wheat",
    ),
    Form("one AND other", "Both, and no article that has only one of them. AND is written in capitals.", "sanctions AND grain"),
    Form("one OR other", "Either will do. OR is written in capitals.", "drought OR flood"),
    Form("begin*", "Every word that begins so.", "hydro*"),
    Form("country:", "About a country. A name of several words stands in quotation marks.", "country:kenya", of="country"),
    Form("region:", "About a part of the world.", "region:africa", of="region"),
    Form("issue:", "On an issue.", "issue:water", of="issue"),
    Form("author:", "By a contributor; the last name is enough.", "author:smith", of="author"),
    Form("series:", "Of a series.", "series:borders", of="series"),
    Form("type:", "One type: briefing, column, interview, report, note, podcast, edition or roundup.", "type:interview"),
    Form("-country:", "Any of these field words can be taken away as well.", "water -country:egypt"),
    Form("after:", "From a year, a month or a day on.", "ports after:2020-06"),
    Form("before:", "Until a year, a month or a day, which itself is left out.", "ports before:2026"),
)


def forms_with(values: Mapping[str, str]) -> tuple[Form, ...]:
    """Examples that name what this library has, by facet, so that they find something."""
    return tuple(replace(form, example=f"{form.of}:{values[form.of]}") if form.of in values else form for form in FORMS)
