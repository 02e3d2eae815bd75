"""Cite an article: its citation as it stands on the site, the page that shows it in every style, and the files beside it.

Both are pressed: the same for everybody, since a citation says no more than headline, standfirst and byline.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone

from broadsheet.library.bibliography import Style, set_in
from broadsheet.library.citations import Citation, bibtex, csl_json, ris
from broadsheet.newsroom.galley import Teaser
from broadsheet.newsroom.models import Interview
from broadsheet.newsroom.teasers import teasers_of
from broadsheet.newsroom.typeset import house
from broadsheet.press import pages
from broadsheet.press.kinds import PageKind, Sheet, register
from broadsheet.press.queries import standing


@dataclass(frozen=True, slots=True)
class File:
    """A kind of file that reference managers read; `name` is also how it ends."""

    name: str
    label: str
    content_type: str
    write: Callable[[Iterable[Citation]], str]


FILES = {
    "ris": File("ris", "RIS, for Zotero, EndNote and Mendeley", "application/x-research-info-systems; charset=utf-8", ris),
    "bib": File("bib", "BibTeX, for LaTeX", "application/x-bibtex; charset=utf-8", bibtex),
    "json": File("json", "CSL-JSON, for Pandoc and citeproc", "application/vnd.citationstyles.csl+json", csl_json),
}
LABELS = {Style.CHICAGO: "Chicago", Style.APA: "APA", Style.MLA: "MLA"}


def citations_of(article_ids: Iterable[int]) -> list[Citation]:
    """In the order given; what does not stand on the site is left out."""
    ids = list(article_ids)
    teasers = teasers_of(standing(ids))
    talks = _talks(pk for pk, teaser in teasers.items() if teaser.kind == Interview.kind)
    return [_citation(teasers[pk], *talks.get(pk, ("", ""))) for pk in ids if pk in teasers]


def _talks(ids: Iterable[int]) -> dict[int, tuple[str, str]]:
    """Who was asked, and who asked."""
    rows = Interview.objects.filter(pk__in=list(ids)).values_list("pk", "expert", "interviewer__name")
    return {pk: (expert.strip(), interviewer or "") for pk, expert, interviewer in rows}


def _citation(teaser: Teaser, expert: str, interviewer: str) -> Citation:
    asking = tuple(filter(None, [interviewer])) or teaser.bylines
    return Citation(
        id=teaser.id,
        kind=teaser.kind,
        headline=teaser.headline,
        publication=house().name,
        address=pages.whole(teaser.path),
        authors=(expert,) if expert else teaser.bylines,
        interviewers=asking if expert else (),
        on=timezone.localdate(teaser.dated_at),
        standfirst=teaser.standfirst,
    )


def compose_page(path: str, match: re.Match[str], at: datetime) -> Sheet | None:
    article = int(match["article"])
    citations = citations_of([article])
    if not citations:
        return None
    context = {
        "citation": citations[0],
        "styles": [(LABELS[style], *set_in(style, citations)) for style in Style],
        "files": [(f"/cite/{article}.{file.name}", file.label) for file in FILES.values()],
    }
    meta = pages.page_meta(title=f"How to cite “{citations[0].headline}”", path=path, kind="cite", noindex=True)
    return pages.sheet("pages/cite.html", meta, context, {f"article:{article}"})


def compose_file(path: str, match: re.Match[str], at: datetime) -> Sheet | None:
    citations, file = citations_of([int(match["article"])]), FILES[match["file"]]
    if not citations:
        return None
    return Sheet(path, file.write(citations), frozenset({f"article:{match['article']}"}), content_type=file.content_type)


def register_pages() -> None:
    number = r"/cite/(?P<article>[1-9]\d{0,17})"
    register(PageKind("cite", re.compile(rf"{number}/"), compose_page))
    register(PageKind("cite-file", re.compile(rf"{number}\.(?P<file>{'|'.join(FILES)})"), compose_file))
