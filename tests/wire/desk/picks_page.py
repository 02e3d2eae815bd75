"""The page of a day's picks as a browser has it: what it says, what it would send, and its buttons."""

from selectolax.lexbor import LexborHTMLParser

PICKS, OF_MONDAY, ASIDE = "/admin/wire/picks/", "/admin/wire/picks/2026-03-02/", "/admin/wire/picks/aside/"


def shown(answer):
    return LexborHTMLParser(answer.content.decode())


def fields_of(page, form="#picks-form"):
    """What a browser would send: every field of the form as it stands."""
    sent = {}
    for node in page.css(f"{form} input, {form} textarea"):
        name, kind = node.attributes.get("name"), node.attributes.get("type")
        if not name or (kind == "checkbox" and "checked" not in node.attributes):
            continue
        value = node.text().removeprefix("\n") if node.tag == "textarea" else node.attributes.get("value") or ""
        sent.setdefault(name, []).append(value)
    return sent


def press(desk, do, *, seen=None, path=OF_MONDAY, form="#picks-form", follow=True, **typed):
    sent = seen or fields_of(shown(desk.get(path)), form)
    return desk.post(path, {**sent, "do": do, **typed}, follow=follow)


def said(answer):
    return " ".join(shown(answer).css_first("body").text().split())
