"""What the desk shows of a draft: a page as it would be printed, in which the onlooker reads and not the editor. Kept nowhere."""

import json

from django.http import HttpResponse

from broadsheet.newsroom.desk.onlookers import Onlooker, cookies_of

# The page's script reads in the cookies who reads: here the onlooker's, not those of the editor.
IN_THEIR_PLACE = "<script>Object.defineProperty(document,'cookie',{get:()=>%s,set:()=>{}})</script>"


def shown_to(onlooker: Onlooker, html: str, *, allowance: int) -> HttpResponse:
    cookies = json.dumps(cookies_of(onlooker, allowance=allowance))
    html = html.replace("<head>", f"<head>{IN_THEIR_PLACE % cookies}", 1)
    return HttpResponse(html, headers={"Cache-Control": "private, no-store", "X-Robots-Tag": "noindex, nofollow"})
