"""What is not for the SDK: what has happened here, for the demo; and a few things that only a bank or a publisher would do."""

from itertools import islice

from broadsheet.till import disputes, html
from broadsheet.till.books import Books, Doc
from broadsheet.till.refusals import Refusal, invalid

SHOWN = 100


def happened(books: Books, query: dict[str, str]) -> bytes:
    events = list(islice(books.newest("event"), SHOWN))
    lines = [
        (f"{html.minute(event['created'])}  {event['type']}", str(event["data"]["object"].get("id", ""))) for event in events
    ]
    table = html.rows(lines) if lines else "<p>Nothing yet.</p>"
    return html.page("What happened at the till", f"<section>{table}</section>")


def turn(books: Books, given: dict[str, str]) -> bytes:
    """`dispute=ch_…`, `won=du_…`, `lost=du_…`."""
    match next(iter(given.items()), ("", "")):
        case "dispute", ident:
            made: Doc = disputes.open_for(books, books.get(ident, "charge"))
        case ("won" | "lost") as outcome, ident:
            made = books.get(ident, "dispute")
            if made["status"] in disputes.FINAL:
                raise invalid("This dispute is already closed.")
            disputes.conclude(books, made, won=outcome == "won")
        case _:
            raise Refusal("The control takes dispute, won or lost.", status=400)
    return ("{" + f'"id": "{made["id"]}", "status": "{made["status"]}"' + "}").encode()
