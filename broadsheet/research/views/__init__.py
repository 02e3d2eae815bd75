"""The doors of research: asking, at once or as it is found; briefs as files; readers' own questions, dossiers and briefings."""

from broadsheet.research.views.asking import ask, shared, stream
from broadsheet.research.views.briefings import briefing, earlier_briefing, end_briefing, set_briefing
from broadsheet.research.views.dossiers import dossier, dossiers, end_dossier
from broadsheet.research.views.files import as_markdown, as_pdf, as_word, references
from broadsheet.research.views.questions import question, questions

__all__ = [
    "as_markdown",
    "as_pdf",
    "as_word",
    "ask",
    "briefing",
    "dossier",
    "dossiers",
    "earlier_briefing",
    "end_briefing",
    "end_dossier",
    "question",
    "questions",
    "references",
    "set_briefing",
    "shared",
    "stream",
]
