"""The stories' desk as a browser has it: what stands there, its buttons, and what it asks each second."""

import json
from urllib.parse import urlencode

from selectolax.lexbor import LexborHTMLParser

JSON = {"HTTP_ACCEPT": "application/json"}


def page(desk, **asked):
    return LexborHTMLParser(desk.get("/admin/wire/", asked).content.decode())


def headlines(desk, **asked):
    return [node.text(strip=True) for node in page(desk, **asked).css(".wire-story .wire-headline")]


def do(desk, written, **fields):
    answer = desk.post("/admin/wire/do/", {"do": written, **fields}, **JSON)
    return json.loads(answer.content)


def since(desk, change, **asked):
    answer = desk.get(f"/admin/wire/since/{change}/?{urlencode(asked)}")
    return answer.status_code, json.loads(answer.content) if answer.content else None
