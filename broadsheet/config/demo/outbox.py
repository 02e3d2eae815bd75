"""All that left the demo by mail, as its readers see it: mails of the house, and editions."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from heapq import merge
from itertools import islice

from broadsheet.access.terms import Cut
from broadsheet.config.demo.editions import letters
from broadsheet.mailroom.queries import outbox
from broadsheet.newsletters.carriers import Address
from broadsheet.newsletters.letters import Letter
from broadsheet.newsletters.links import Whose
from broadsheet.newsletters.models import Typeset
from broadsheet.newsletters.places import filled
from broadsheet.newsletters.running import franking


@dataclass(frozen=True, slots=True)
class Posted:
    """`path`: of its page in the outbox."""

    path: str
    subject: str
    to: str
    posted_at: datetime
    text: str = ""
    html: str = ""


def newest(most: int) -> list[Posted]:
    mails = (Posted(f"{mail.pk}/", mail.subject, mail.to, mail.posted_at) for mail in outbox()[:most])
    return list(islice(merge(mails, _editions(most), key=lambda posted: posted.posted_at, reverse=True), most))


def count() -> int:
    return outbox().count() + letters().count()


def mail(number: int) -> Posted | None:
    found = outbox().filter(pk=number).first()
    return Posted(f"{number}/", found.subject, found.to, found.posted_at, found.text, found.html) if found else None


def letter(number: int) -> Posted | None:
    """An edition as one reader has it."""
    found = letters().filter(pk=number).first()
    if found is None or found.sent_at is None:
        return None
    cut = found.edition.cuts.get(cut=found.cut)
    whose = Whose.of(found.reader) if found.reader else Whose(0)
    one = Letter(found.pk, found.to, Cut(found.cut), whose, found.listed_at)
    values = Address(found.edition, franking()).values(one)
    text, html = filled(cut.text, values, is_html=False), filled(cut.html, values, is_html=True)
    return Posted(f"edition/{number}/", cut.subject, found.to, found.sent_at, text, html)


def _editions(most: int) -> Iterator[Posted]:
    sent = list(letters()[:most])
    cuts = Typeset.objects.filter(edition__in={one.edition_id for one in sent})
    subjects = {(edition, cut): subject for edition, cut, subject in cuts.values_list("edition", "cut", "subject")}
    for one in sent:
        assert one.sent_at is not None
        yield Posted(f"edition/{one.pk}/", subjects[one.edition_id, one.cut], one.to, one.sent_at)
