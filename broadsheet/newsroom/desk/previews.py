"""What the desk shows of a draft: a page as it would be printed, in which the onlooker reads and not the editor. Kept nowhere."""

import json

from django.http import HttpRequest, HttpResponse
from wagtail.admin.userbar import Userbar

from broadsheet.design.inline import content_security
from broadsheet.newsroom.desk.onlookers import Onlooker, cookies_of

# The page's script reads in the cookies who reads: here the onlooker's, not those of the editor.
IN_THEIR_PLACE = "Object.defineProperty(document,'cookie',{get:()=>%s,set:()=>{}})"


def shown_to(onlooker: Onlooker, html: str, *, allowance: int) -> HttpResponse:
    script = IN_THEIR_PLACE % json.dumps(cookies_of(onlooker, allowance=allowance))
    answer = HttpResponse(html.replace("<head>", f"<head><script>{script}</script>", 1))
    answer["Cache-Control"] = "private, no-store"
    answer["X-Robots-Tag"] = "noindex, nofollow"
    answer["Content-Security-Policy"] = content_security(script)
    return answer


def with_checks(html: str, request: HttpRequest) -> str:
    """Beside the form: what the desk's panel of checks counts words and finds faults with."""
    if not getattr(request, "in_preview_panel", False):
        return html
    return html.replace("</body>", f"{Userbar().render_html({'request': request})}</body>", 1)
