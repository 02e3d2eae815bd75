"""Test clocks: time that stands still until it is moved, for the customers that live by it."""

from broadsheet.till import renewing
from broadsheet.till.books import Books, Doc
from broadsheet.till.catalog import deleted
from broadsheet.till.due import DAY
from broadsheet.till.forms import need
from broadsheet.till.refusals import invalid

MOST_CUSTOMERS_DAYS = 30


def create(books: Books, given: Doc) -> Doc:
    made = books.add("test_helpers.test_clock", frozen_time=need(given, "frozen_time"), name=given.get("name"), status="ready")
    made |= {"deletes_after": books.now + MOST_CUSTOMERS_DAYS * DAY, "status_details": {}}
    books.tell("test_helpers.test_clock.created", books.save(made))
    return made


def advance(books: Books, given: Doc, ident: str) -> Doc:
    """Move the clock, step by step through all that falls due on the way. Stripe takes a while; here it is done at once."""
    clock = books.get(ident, "test_helpers.test_clock")
    until = need(given, "frozen_time")
    if until <= clock["frozen_time"]:
        raise invalid("Test clocks can only be advanced to a time after the current frozen time.", "frozen_time")
    clock |= {"status": "advancing", "status_details": {"advancing": {"target_frozen_time": until}}}
    books.tell("test_helpers.test_clock.advancing", books.save(clock))
    while found := renewing.next_due(books, until, ident):
        clock["frozen_time"] = max(clock["frozen_time"], found[1])
        renewing.step(books, found[0], clock["frozen_time"])
    clock |= {"frozen_time": until, "status": "ready", "status_details": {}}
    books.now = until
    books.tell("test_helpers.test_clock.ready", books.save(clock))
    return clock


def delete(books: Books, given: Doc, ident: str) -> Doc:
    """The customers of a clock go with it."""
    clock = books.get(ident, "test_helpers.test_clock")
    for customer in books.all("customer"):
        if customer["test_clock"] == ident:
            deleted(books, customer)
    books.tell("test_helpers.test_clock.deleted", clock)
    return deleted(books, clock)
