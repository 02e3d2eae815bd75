"""The mail room's doors."""

from broadsheet.mailroom.views.noticing import notices
from broadsheet.mailroom.views.standing import deliverability
from broadsheet.mailroom.views.wordings import mails, wording

__all__ = ["deliverability", "mails", "notices", "wording"]
