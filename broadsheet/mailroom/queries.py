"""What lies in the outbox, and what editors have mails say."""

from collections.abc import Iterable

from django.db.models import QuerySet

from broadsheet.mailroom.models import Dispatch, Wording


def outbox() -> QuerySet[Dispatch]:
    """Every mail posted, newest first, sent or not."""
    return Dispatch.objects.order_by("-posted_at", "-pk")


def posted_among(keys: Iterable[str]) -> set[str]:
    """Of these occasions, those of which a mail was posted, as far as it is not forgotten yet."""
    return {key for key in Dispatch.objects.filter(key__in=list(keys)).values_list("key", flat=True) if key}


def wording_of(kind: str) -> Wording | None:
    """None where nobody has changed the house's words."""
    return Wording.objects.filter(kind=kind).first()


def worded_kinds() -> set[str]:
    """Of which mails an editor has changed something."""
    return set(Wording.objects.exclude(subject="", before="", after="").values_list("kind", flat=True))
