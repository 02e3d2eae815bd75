"""What lies in the outbox."""

from django.db.models import QuerySet

from broadsheet.mailroom.models import Dispatch


def outbox() -> QuerySet[Dispatch]:
    """Every mail posted, newest first, sent or not."""
    return Dispatch.objects.order_by("-posted_at", "-pk")
