"""The doors of research: asking, at once or as it is found; briefs as files; readers' own questions."""

from broadsheet.research.views.asking import ask, shared, stream
from broadsheet.research.views.files import as_markdown, as_pdf, references
from broadsheet.research.views.questions import question, questions

__all__ = ["as_markdown", "as_pdf", "ask", "question", "questions", "references", "shared", "stream"]
