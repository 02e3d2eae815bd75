"""The door by which Stripe tells us that something changed."""

import hashlib

from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from broadsheet.billing import actions, stripe_api, tasks
from broadsheet.kit import clock


@csrf_exempt  # it is signed
@never_cache
@require_POST
def notices(request: HttpRequest) -> HttpResponse:
    """200 once it is written down; what follows from it is an errand's. The same signature twice is somebody else's doing."""
    if not stripe_api.hears():
        return _say("Nothing is heard here: BROADSHEET_STRIPE_NOTICE_SECRETS is not set.", status=503)
    signature = request.headers.get("Stripe-Signature", "")
    try:
        event = stripe_api.notice(request.body, signature)
        notice, fresh = actions.take_notice(event, signature=hashlib.sha256(signature.encode()).hexdigest(), at=clock.now())
    except (stripe_api.NotSigned, stripe_api.NoEvent) as refused:
        return _say(str(refused), status=400)
    except actions.Replayed:
        return _say("This very message was heard before.", status=400)
    if fresh and notice.heeded_at is None:
        tasks.heed.enqueue(notice.pk)
    return _say("Heard.")


def _say(text: str, *, status: int = 200) -> HttpResponse:
    return HttpResponse(f"{text}\n", status=status, content_type="text/plain; charset=utf-8")
