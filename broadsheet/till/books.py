"""The till's books, opened for one call: its documents, the events it tells, all written in one transaction at the end.

A document is a dictionary in Stripe's shape; names that begin with `_` are the till's own and are never told to anybody.
"""

import json
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from broadsheet.till import due
from broadsheet.till.blanks import API_VERSION, blank
from broadsheet.till.refusals import missing

Doc = dict[str, Any]
AT_A_TIME, MOST_DOCUMENTS = 100, 2**62
DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
PREFIXES = {
    "product": "prod", "price": "price", "coupon": "", "promotion_code": "promo", "discount": "di", "customer": "cus",
    "payment_method": "pm", "setup_intent": "seti", "payment_intent": "pi", "charge": "ch", "refund": "re", "dispute": "du",
    "invoice": "in", "line_item": "il", "invoiceitem": "ii", "invoice_payment": "inpay", "credit_note": "cn",
    "subscription": "sub",
    "subscription_item": "si", "checkout.session": "cs_test", "item": "li", "customer_balance_transaction": "cbtxn",
    "tax_id": "txi", "billing_portal.session": "bps", "billing_portal.configuration": "bpc", "test_helpers.test_clock": "clock",
    "event": "evt", "webhook_endpoint": "we",
}  # fmt: skip
# By which other object one of a kind is looked up.
PARENTS = {
    "price": "product", "promotion_code": "_typed", "invoice": "_subscription", "invoiceitem": "_subscription", "discount": "_of",
    "invoice_payment": "invoice", "payment_intent": "_invoice", "charge": "payment_intent", "refund": "charge",
    "dispute": "charge",
    "checkout.session": "_intent", "setup_intent": "_session", "credit_note": "invoice",
}  # fmt: skip


@dataclass
class House:
    """What holds for the whole till: where it is reached, and what the publisher has set at Stripe."""

    public_url: str
    after_retries: str = "cancel"  # or unpaid, past_due: what becomes of a subscription when the last retry has failed
    retry_days: tuple[int, ...] = (3, 5, 7)  # after the failure before
    drafts_for: int = 3600  # seconds that a renewal's invoice stays a draft
    account_name: str = "Test publication"
    account_url: str = ""  # where its customers look after what they hold


@dataclass
class Books:
    rows: sqlite3.Connection
    house: House
    salt: str
    now: int
    request: Doc = field(default_factory=lambda: {"id": None, "idempotency_key": None})
    _held: dict[str, Doc] = field(default_factory=dict)
    _was: dict[str, str] = field(default_factory=dict)  # as it was last read or told
    _saved: dict[str, None] = field(default_factory=dict)
    _written: dict[str, str] = field(default_factory=dict)
    _given: int = -1
    _listening: list[Doc] | None = None

    # Documents

    def new_id(self, kind: str) -> str:
        if self._given < 0:
            self._given = int(self.rows.execute("SELECT value FROM facts WHERE name = 'given'").fetchone()[0])
        self._given += 1
        number, left = "", self._given
        while left:
            left, digit = divmod(left, 36)
            number = DIGITS[digit] + number
        prefix = PREFIXES[kind]
        return f"{prefix}_{self.salt}{number:0>6}" if prefix else f"{self.salt[:4]}{number:0>4}"

    def add(self, kind: str, **fields: Any) -> Doc:
        made = blank(kind)
        made["id"] = fields.pop("id", None) or self.new_id(kind)
        if "created" in made:
            made["created"] = self.now
        made.update(fields)
        return self.save(made)

    def save(self, doc: Doc) -> Doc:
        self._held[doc["id"]] = doc
        self._saved[doc["id"]] = None
        return doc

    def find(self, ident: str | None) -> Doc | None:
        if not ident:
            return None
        if held := self._held.get(ident):
            return held
        row = self.rows.execute("SELECT body FROM documents WHERE id = ?", (ident,)).fetchone()
        return self._hold(ident, row[0]) if row else None

    def get(self, ident: str | None, kind: str, *, param: str = "id", deleted: bool = False) -> Doc:
        found = self.find(ident)
        if found is None or found["object"] != kind or (found.get("deleted") and not deleted):
            raise missing(kind.rpartition(".")[2].replace("_", " "), str(ident), param)
        return found

    def all(self, kind: str, *, customer: str | None = None, parent: str | None = None) -> list[Doc]:
        """All of a kind, the oldest first."""
        return list(self.newest(kind, customer=customer, parent=parent))[::-1]

    def newest(self, kind: str, *, customer: str | None = None, parent: str | None = None) -> Iterator[Doc]:
        """All of a kind, the newest first; read by and by, so that whoever wants a few reads no more."""
        self.flush(kind)
        wanted = {"kind": kind, "customer": customer, "parent": parent}
        given = {name: value for name, value in wanted.items() if value}
        where, before = " AND ".join(f"{name} = ?" for name in given), MOST_DOCUMENTS
        query = f"SELECT seq, id, body FROM documents WHERE {where} AND seq < ? ORDER BY seq DESC LIMIT {AT_A_TIME}"
        while rows := self.rows.execute(query, (*given.values(), before)).fetchall():
            yield from (doc for _, ident, body in rows if not (doc := self._hold(ident, body)).get("deleted"))
            before = rows[-1][0]
            if len(rows) < AT_A_TIME:
                return

    def _hold(self, ident: str, body: str) -> Doc:
        if ident not in self._held:
            self._held[ident] = json.loads(body)
            self._was[ident] = body
        return self._held[ident]

    def drop(self, doc: Doc) -> None:
        """Forget a document, as if it had never been."""
        self.rows.execute("DELETE FROM documents WHERE id = ?", (doc["id"],))
        self._held.pop(doc["id"], None)
        self._saved.pop(doc["id"], None)

    def flush(self, kind: str | None = None) -> None:
        """Write what has changed; of one kind only, where just that is about to be looked through.

        Whatever was saved once in this call is looked at each time, so that it may be changed further afterwards.
        """
        for ident in self._saved:
            doc = self._held[ident]
            if kind in (None, doc["object"]) and (body := json.dumps(doc)) != self._written.get(ident):
                self._write(doc, body)
        if self._given >= 0:
            self.rows.execute("UPDATE facts SET value = ? WHERE name = 'given'", (self._given,))

    def _write(self, doc: Doc, body: str) -> None:
        kind = doc["object"]
        customer = doc.get("customer") if isinstance(doc.get("customer"), str) else None
        parent = doc.get(PARENTS[kind]) if kind in PARENTS else None
        self._written[doc["id"]] = body
        self.rows.execute(
            "INSERT INTO documents (id, kind, customer, parent, clock, due, body) VALUES (?, ?, ?, ?, ?, ?, ?)"
            " ON CONFLICT (id) DO UPDATE SET customer = excluded.customer, parent = excluded.parent,"
            " due = excluded.due, body = excluded.body",
            (doc["id"], kind, customer, parent, self.clock_of(doc), due.at(doc), body),
        )

    # Time

    def clock_of(self, doc: Doc) -> str | None:
        """The test clock that a document lives by; None where it is the till's own."""
        if "test_clock" in doc:
            return doc["test_clock"]
        customer = self.find(doc["customer"]) if isinstance(doc.get("customer"), str) else None
        return customer.get("test_clock") if customer else None

    def go_by(self, doc: Doc) -> None:
        """From here on this call's now is that of the document's clock."""
        if clock := self.find(self.clock_of(doc)):
            self.now = clock["frozen_time"]

    # Events

    def tell(self, kind: str, doc: Doc) -> None:
        """Write an event down, with the document as it now is; and a delivery for each endpoint that hears it."""
        told = told_of(doc)
        written = json.dumps(told)
        data = f'{{"object": {written}}}'
        if kind.endswith(".updated") and doc["id"] in self._was:
            was = json.loads(self._was[doc["id"]])
            changed = {name: value for name, value in was.items() if name[0] != "_" and doc.get(name) != value}
            data = f'{{"object": {written}, "previous_attributes": {json.dumps(changed)}}}'
        self._was[doc["id"]] = written
        listening = [endpoint for endpoint in self.endpoints() if hears(endpoint, kind)]
        event = {
            "id": self.new_id("event"),
            "object": "event",
            "api_version": API_VERSION,
            "created": self.now,
            "livemode": False,
        }
        event |= {"type": kind, "request": self.request, "pending_webhooks": len(listening)}
        body = f'{json.dumps(event)[:-1]}, "data": {data}}}'
        self.rows.execute("INSERT INTO documents (id, kind, body) VALUES (?, 'event', ?)", (event["id"], body))
        for endpoint in listening:
            told_to = (event["id"], endpoint["id"], self.now)
            self.rows.execute("INSERT INTO deliveries (event, endpoint, due) VALUES (?, ?, ?)", told_to)

    def endpoints(self) -> list[Doc]:
        if self._listening is None:
            bodies = self.rows.execute("SELECT body FROM documents WHERE kind = 'webhook_endpoint'").fetchall()
            self._listening = [doc for (body,) in bodies if not (doc := json.loads(body)).get("deleted")]
        return self._listening


def hears(endpoint: Doc, kind: str) -> bool:
    return endpoint["status"] == "enabled" and ("*" in endpoint["enabled_events"] or kind in endpoint["enabled_events"])


def told_of(doc: Doc) -> Doc:
    """A document without what is the till's own."""
    return {name: value for name, value in doc.items() if name[0] != "_"}
