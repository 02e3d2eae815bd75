"""What of the wire others ask for."""

from typing import Any

from django.db.models import Q, QuerySet, TextField
from django.db.models.functions import Cast

from broadsheet.wire.models import Story
from broadsheet.wire.reading.links import link_key
from broadsheet.wire.refusals import is_refused

_IN_OTHER_LETTERS = r'://[^/"\\]*(\\+u[0-9a-f]|[^\x01-\x7f])'  # a host, as a hand may have written it


def living(story_id: int) -> Story | None:
    """The story itself, or the one in which it lives on. None: there is none."""
    story = Story.objects.filter(pk=story_id).first()
    while story is not None and story.merged_into_id is not None:  # only what lives is merged into, so this ends
        story = Story.objects.get(pk=story.merged_into_id)
    return story


def naming(rows: QuerySet[Any], field: str, key: str) -> QuerySet[Any]:
    """Those that may say an address that is refused by `key`: looked for by the host's name, so that few are taken apart."""
    told = rows.order_by().annotate(written=Cast(field, TextField()))
    return told.filter(Q(written__icontains=key.partition("/")[0]) | Q(written__iregex=_IN_OTHER_LETTERS))


def leading_there(rows: QuerySet[Any], field: str, key: str) -> list[int]:
    """Those whose address is refused by `key`."""
    likely = naming(rows, field, key).values_list("pk", field)
    return [pk for pk, address in likely if is_refused(link_key(address), {key})]
