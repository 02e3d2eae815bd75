"""The door by which the mail provider tells what became of mail."""

import json

from anymail.exceptions import AnymailWebhookValidationFailure
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.module_loading import import_string
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt

from broadsheet.mailroom.provided import PROVIDERS


@csrf_exempt  # it shows our secret, and some sign besides
@never_cache
def notices(request: HttpRequest, provider: str) -> HttpResponseBase:
    """No other provider's is there, and none without a secret."""
    if provider != settings.MAIL_PROVIDER or not settings.ANYMAIL.get("WEBHOOK_SECRET"):
        raise Http404
    hear = import_string(PROVIDERS[provider].door).as_view()
    try:
        return hear(request)
    except AnymailWebhookValidationFailure:
        raise PermissionDenied from None
    except (UnicodeDecodeError, json.JSONDecodeError):
        return HttpResponse("Nothing that can be read.\n", status=400, content_type="text/plain; charset=utf-8")
