"""The application: the gate first, Django for all else, in one process."""

import os
import sys
from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.core.wsgi import get_wsgi_application

from broadsheet.gate.limit import AtMost
from broadsheet.gate.opening import open_gate
from broadsheet.gate.settings import settings_of

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "broadsheet.config.settings")
# Slow requests of Django's hand the interpreter over ten times sooner than by default: pages in memory need it only briefly.
sys.setswitchinterval(0.0005)

django = get_wsgi_application()

from broadsheet.config.walls import print_wall  # noqa: E402 - models exist only after Django's set-up
from broadsheet.config.warming import begin_warming  # noqa: E402
from broadsheet.membership.renewal import renew  # noqa: E402

DJANGO_AT_ONCE = 12

limited = AtMost(DJANGO_AT_ONCE, django)


def behind(environ: dict[str, Any], start: Any) -> Iterable[bytes]:
    """Static files come from a table of paths in microseconds, and a page asks for several at once: they need no limit."""
    answering = django if environ["PATH_INFO"].startswith(settings.STATIC_URL) else limited
    return answering(environ, start)


application, _follower = open_gate(settings_of(settings), behind=behind, renew=renew, print_wall=print_wall)
begin_warming()
