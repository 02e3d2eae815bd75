"""The demo's application: the till beside the house, and whoever entered as Ines comes from her university's network."""

from collections.abc import Iterable
from typing import Any

from broadsheet.config.wsgi import application as house

# isort: split
# Only now: the line above has set Django up.
from broadsheet.config.demo.entering import CAMPUS_COOKIE, ON_CAMPUS, campus_signer
from broadsheet.config.demo.members import CAMPUS_ADDRESS
from broadsheet.config.demo.till import MOUNTED, the_till
from broadsheet.gate.visitor import cookies_in


def application(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
    if environ["PATH_INFO"].startswith(MOUNTED):
        return the_till().wsgi(environ, start_response)
    if CAMPUS_COOKIE in environ.get("HTTP_COOKIE", "") and _is_on_campus(environ["HTTP_COOKIE"]):
        environ["REMOTE_ADDR"] = CAMPUS_ADDRESS
    return house(environ, start_response)


def _is_on_campus(cookies: str) -> bool:
    return campus_signer().unsign(cookies_in(cookies).get(CAMPUS_COOKIE, "")) == ON_CAMPUS
