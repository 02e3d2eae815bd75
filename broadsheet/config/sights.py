"""What whoever sends a request may read without spending, for the library, which lies below the gate and may not ask it."""

from django.http import HttpRequest

from broadsheet.gate.app import WHO
from broadsheet.library.sight import STRANGER, Sight, sight_of


def sight_of_request(request: HttpRequest) -> Sight:
    """As the gate knows them; a request that came past no gate has no right."""
    who_asks = request.META.get(WHO)
    if who_asks is None:
        return STRANGER
    visitor = who_asks(request.META)
    return sight_of(visitor.standing, visitor.meter)
