"""The demo's research desk on its first day: the editors' dossiers; what Sada has set, followed and asked. Twice equals once."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from broadsheet.config.demo.content import tables
from broadsheet.library.actions.gleaning import glean_new
from broadsheet.library.following import Subject
from broadsheet.library.policy import Often
from broadsheet.membership.models import Reader
from broadsheet.newsroom.models import Article, Country, Issue, Region
from broadsheet.press.actions import print_due
from broadsheet.research.actions import briefings, dossiers, editing, enquiries
from broadsheet.research.actions.refreshing import refresh
from broadsheet.research.bringing import WEEKDAYS
from broadsheet.research.models import Briefing, Dossier
from broadsheet.research.posed import Posed

READS = "sada@example.org"


def lay_out_research(*, at: datetime) -> None:
    """What is there already stays as it is."""
    glean_new(at=at)
    laid_out = tables("research")
    sada = Reader.objects.get(email=READS)
    for table in laid_out["dossier"]:
        made = _dossier(table, at=at)
        dossiers.follow(sada, made.slug, often=Often.DAILY, at=at)
    _set_a_briefing(sada, laid_out["briefing"], at=at)
    _ask(sada, laid_out["thread"]["questions"], at=at)
    print_due(at=at)


def _dossier(table: Mapping[str, Any], *, at: datetime) -> Dossier:
    subject = _subject(table["kind"], table["of"])
    known = Dossier.objects.filter(reader=None, kind=subject.kind, row=subject.row).first()
    if known:
        return known
    made = editing.begin(subject=subject, at=at)
    for quote in table["quote"]:
        article = Article.objects.get(slug=quote["article"]).pk
        editing.quote(made.pk, article, text=quote["text"], said=quote["said"], at=at)
    refresh(made.pk, at=at)
    editing.reword(made.pk, title=table["title"], introduction=table["introduction"], at=at)
    return editing.publish(made.pk, at=at)


def _subject(kind: str, of: str) -> Subject:
    row = Country.objects.get(code=of) if kind == Dossier.Kind.COUNTRY else Issue.objects.get(slug=of)
    return Subject(kind, row.pk)


def _set_a_briefing(reader: Reader, table: Mapping[str, Any], *, at: datetime) -> None:
    """The first comes at once; the next by mail, with the morning that the button brings."""
    if Briefing.objects.filter(reader=reader).exists():
        return
    chosen = {
        "region": Region.objects.filter(slug__in=table["regions"]),
        "country": Country.objects.filter(code__in=table["countries"]),
        "issue": Issue.objects.filter(slug__in=table["issues"]),
    }
    briefings.set_briefing(
        reader,
        choices=[(kind, row.pk) for kind, rows in chosen.items() for row in rows],
        days=WEEKDAYS,
        hour=table["hour"],
        most=table["items"],
        by_mail=True,
        at=at,
    )
    briefings.bring_now(reader, at=at)


def _ask(reader: Reader, questions: list[str], *, at: datetime) -> None:
    """Each after those before it, and kept."""
    if reader.enquiries.exists():
        return
    for number, text in enumerate(questions):
        asked = enquiries.remember(reader, Posed(text, tuple(questions[:number])), at=at)
        if asked:
            enquiries.keep(asked, at=at)
