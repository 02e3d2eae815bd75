"""Webhook endpoints: where events are sent to, and the secret that their signatures are made with."""

import hashlib

from broadsheet.till.blanks import API_VERSION
from broadsheet.till.books import Books, Doc
from broadsheet.till.catalog import deleted
from broadsheet.till.forms import need, take
from broadsheet.till.refusals import invalid


def create(books: Books, given: Doc) -> Doc:
    url, events = need(given, "url"), need(given, "enabled_events")
    if not url.startswith(("http://", "https://")):
        raise invalid("Invalid URL: an explicit scheme (such as https) must be provided.", "url", "url_invalid")
    made = books.add("webhook_endpoint", url=url, enabled_events=events, metadata={}, status="enabled")
    made["_secret"] = f"whsec_{hashlib.sha256((books.salt + made['id']).encode()).hexdigest()[:32]}"
    made["api_version"] = given.get("api_version") or API_VERSION
    take(made, given, "description")
    books.save(made)
    # The secret is told once, as Stripe tells it.
    return made | {"secret": made["_secret"]}


def update(books: Books, given: Doc, ident: str) -> Doc:
    endpoint = books.get(ident, "webhook_endpoint")
    take(endpoint, given, "url", "enabled_events", "description")
    if "disabled" in given:
        endpoint["status"] = "disabled" if given["disabled"] else "enabled"
    return books.save(endpoint)


def delete(books: Books, given: Doc, ident: str) -> Doc:
    return deleted(books, books.get(ident, "webhook_endpoint"))
