"""What lies in the outbox, and what editors have mails say."""

from django.db.models import QuerySet

from broadsheet.mailroom.models import Dispatch, Wording


def outbox() -> QuerySet[Dispatch]:
    """Every mail posted, newest first, sent or not."""
    return Dispatch.objects.order_by("-posted_at", "-pk")


def wording_of(kind: str) -> Wording | None:
    """None where nobody has changed the house's words."""
    return Wording.objects.filter(kind=kind).first()


def worded_kinds() -> set[str]:
    """Of which mails an editor has changed something."""
    return set(Wording.objects.exclude(subject="", before="", after="").values_list("kind", flat=True))
