"""A mail as it is written down: its subject, its plain cut and its HTML. `mail/<kind>.html` may be missing."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.conf import settings
from django.template import TemplateDoesNotExist
from django.template.loader import render_to_string

from broadsheet.mailroom.policy import one_line
from broadsheet.mailroom.wording import Worded, words_for


@dataclass(frozen=True, slots=True)
class Written:
    subject: str
    text: str
    html: str


def write(
    kind: str, context: Mapping[str, object], *, to: str, worded: Worded | None = None, subject: str | None = None
) -> Written:
    """`worded`: an editor's words; None where the house's own stand. `subject`: where an occasion has its own."""
    handed = {"publication": settings.PUBLICATION_NAME, "base_url": settings.BASE_URL, "to": to, **context}
    words = words_for(kind, worded, handed)
    handed |= {"before": words.before, "after": words.after}
    if subject is None:
        subject = words.subject or render_to_string(f"mail/{kind}.subject.txt", handed)
    text = render_to_string(f"mail/{kind}.txt", handed).strip() + "\n"
    return Written(one_line(subject), text, _html(kind, handed))


def _html(kind: str, handed: Mapping[str, object]) -> str:
    try:
        return render_to_string(f"mail/{kind}.html", dict(handed))
    except TemplateDoesNotExist as missing:
        if str(missing) != f"mail/{kind}.html":
            raise
        return ""
