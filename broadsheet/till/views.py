"""The pages of the till: where one pays, answers 3-D Secure, sees an invoice, and looks after a subscription."""

import json
from collections.abc import Callable
from itertools import islice
from urllib.parse import parse_qsl

from broadsheet.till import cards, checkout, html, invoices, paying, portal_page
from broadsheet.till.books import Books, Doc
from broadsheet.till.control import happened, turn
from broadsheet.till.drawer import Drawer
from broadsheet.till.html import money
from broadsheet.till.refusals import Refusal, invalid
from broadsheet.till.typed import method_typed

Form = dict[str, str]
Shown = bytes | str  # a page, or the address to go on to
View = Callable[[Books, Doc, Form | None, str | None], Shown]
HEADERS = [
    ("Content-Type", "text/html; charset=utf-8"),
    ("Cache-Control", "no-store"),
    ("Referrer-Policy", "no-referrer"),
    ("X-Content-Type-Options", "nosniff"),
    ("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; base-uri 'none'"),
]


def answer(till: Drawer, method: str, path: str, query: str, body: str) -> tuple[int, bytes, list[tuple[str, str]]]:
    steps = [step for step in path.split("/") if step]
    given = dict(parse_qsl(body, keep_blank_values=True)) if method == "POST" else None
    if steps[:1] != ["till"] or method not in {"GET", "HEAD", "POST"}:
        return 404, html.page("There is nothing here"), HEADERS
    if till.is_due(till.now()):
        till.run_due()
    try:
        shown, trouble = _done(till, steps[1:], given) if given is not None else (None, None)
        if shown is None:
            with till.books(till.now()) as books:
                shown = _shown(books, steps[1:], None, dict(parse_qsl(query)), trouble)
    except Refusal as refusal:
        return refusal.status, html.page("That cannot be done", html.bad(str(refusal))), HEADERS
    if isinstance(shown, str):
        return 303, b"", [("Location", shown), ("Cache-Control", "no-store")]
    if shown[:1] in (b"{", b"["):
        return 200, shown, [("Content-Type", "application/json"), ("Cache-Control", "no-store")]
    return 200, shown, HEADERS


def _done(till: Drawer, steps: list[str], given: Form) -> tuple[Shown | None, str | None]:
    """What a form has led to, or why it was refused; a refusal undoes all, unless a charge was declined."""
    try:
        with till.books(till.now()) as books:
            try:
                return _shown(books, steps, given, {}, None), None
            except Refusal as refusal:
                if not refusal.keeps:
                    raise
                return None, str(refusal)
    except Refusal as refusal:
        if steps[:1] == ["control"]:
            raise
        return None, str(refusal)


def _shown(books: Books, steps: list[str], given: Form | None, query: Form, trouble: str | None) -> Shown:
    match steps:
        case []:
            return happened(books, query)
        case ["events.json"]:
            return json.dumps([told(event) for event in islice(books.newest("event"), 200)]).encode()
        case ["control"]:
            return turn(books, given or {})
        case ["invoices", ident, "pdf"]:
            return invoice_page(books, books.get(ident, "invoice"), None, None)
        case [place, ident] if place in VIEWS:
            kinds, view = VIEWS[place]
            doc = books.find(ident)
            if doc is None or doc["object"] not in kinds:
                raise Refusal("There is no such page.", status=404)
            books.go_by(doc)
            return view(books, doc, given, trouble)
    raise Refusal("There is no such page.", status=404)


def told(event: Doc) -> Doc:
    return {"id": event["id"], "type": event["type"], "created": event["created"], "object": event["data"]["object"].get("id")}


def checkout_page(books: Books, session: Doc, given: Form | None, trouble: str | None) -> Shown:
    if session["status"] == "complete":
        return checkout.leads_to(session)
    if session["status"] == "expired":
        return html.page(
            "This checkout has expired", "<p>Nothing was paid. Go back to the shop and begin again.</p>", _back(session)
        )
    if given is not None and "use_code" in given:
        checkout.type_code(books, session, given.get("code", ""))
    elif given is not None:
        return _pay(books, session, given)
    return html.page(_title(books, session), html.bad(trouble), _basket(books, session), _form(books, session), _back(session))


def _pay(books: Books, session: Doc, given: Form) -> Shown:
    email = given.get("email", "").strip()
    held = books.find(session["customer"] or session.get("_customer"))
    email = email or (held or {}).get("email") or session["customer_email"] or ""
    if "@" not in email:
        raise invalid("An address for the receipt is needed.")
    method = method_typed(books, given) if paying.needs_card(session) or given.get("number") else None
    if session["billing_address_collection"] == "required" and not given.get("country"):
        raise invalid("Your billing address is incomplete.", "country")
    details: Doc = {"name": given.get("name") or None, "address": None}
    if given.get("country"):
        details["address"] = {name: given.get(name) for name in ("line1", "postal_code", "city", "country")}
    if session["tax_id_collection"]["enabled"]:
        details["tax_id"] = given.get("tax_id", "").strip()
    if method:
        typed = {"address": cards.full_address(details["address"])} if details["address"] else {}
        method["billing_details"] |= {"email": email, "name": details["name"], **typed}
    challenge = paying.submit(books, session, email=email, method=method, details=details)
    return f"{books.house.public_url}/till/3ds/{challenge['id']}" if challenge else checkout.leads_to(session)


def _title(books: Books, session: Doc) -> str:
    name = books.house.account_name
    return {"subscription": f"Subscribe to {name}", "payment": f"Pay {name}", "setup": "Save a card"}[session["mode"]]


def _basket(books: Books, session: Doc) -> str:
    if session["mode"] == "setup":
        return ""
    currency = session["currency"]
    pairs = [(checkout.shown(line, books), money(line["amount_subtotal"], currency)) for line in session["_lines"]]
    off = sum(line["amount_discount"] for line in session["_lines"])
    pairs += [("Discount", money(-off, currency))] if off else []
    trial = checkout.trial_end(books, session)
    if trial:
        then = sum(line["amount_total"] for line in session["_lines"])
        pairs.append((f"Free until {html.day(trial)}", f"then {money(then, currency)}"))
    return f"<section>{html.rows(pairs, ('To pay today', money(session['amount_total'], currency)))}</section>"


def _form(books: Books, session: Doc) -> str:
    known = books.find(session["customer"] or session.get("_customer")) or {}
    email = known.get("email") or session["customer_email"]
    who = (
        f"<p>Receipt to {html.escape(email)}</p>"
        if email
        else html.text_field("email", "Your mail address", kind="email", more="required")
    )
    code = ""
    if session["allow_promotion_codes"]:
        code = html.form(html.text_field("code", "Code for a discount"), html.button("Use the code", "use_code", "yes"))
    name = html.text_field("name", "Name on the card", known.get("name") or "")
    where = ""
    if session["billing_address_collection"] == "required" or session["automatic_tax"]["enabled"]:
        where = _address(known)
    if session["tax_id_collection"]["enabled"]:
        where += html.text_field("tax_id", "Tax number, if you buy as a business", more='autocomplete="off"')
    words = {"subscription": "Subscribe", "payment": "Pay", "setup": "Save"}[session["mode"]]
    if not paying.needs_card(session):
        return code + html.form(who, name, where, html.button(words, main=True))
    return code + html.form(who, html.card_fields(), name, where, html.button(words, main=True), html.card_buttons())


def _address(known: Doc) -> str:
    held = known.get("address") or {}
    line1, postal_code, city = (
        html.text_field(name, label, held.get(name) or "")
        for name, label in (("line1", "Street and number"), ("postal_code", "Postal code"), ("city", "City"))
    )
    country = html.text_field("country", "Country (two letters)", held.get("country") or "DE", more='maxlength="2" required')
    return f'{line1}<div class="pair"><div>{postal_code}</div><div>{city}</div></div>{country}'


def _back(session: Doc) -> str:
    return f'<p><a href="{html.escape(session["cancel_url"])}">Back without paying</a></p>' if session["cancel_url"] else ""


def _home(books: Books) -> str:
    """From a page that one may have come to by a mail, and that so knows no way back."""
    house = books.house
    return (
        f'<p><a href="{html.escape(house.account_url)}">Back to {html.escape(house.account_name)}</a></p>'
        if house.account_url
        else ""
    )


def challenge_page(books: Books, intent: Doc, given: Form | None, trouble: str | None) -> Shown:
    """The bank asks whether it is really the holder of the card."""
    session = books.find(intent.get("_session"))
    if given is None or intent["status"] != "requires_action":
        buttons = html.form(
            "<p>A bank would now ask for a code from the card's holder.</p>",
            html.button("Complete", "challenge", "complete", main=True),
            html.button("Fail", "challenge", "fail"),
            html.button("Leave it unanswered", "challenge", "leave"),
        )
        return html.page(
            "3-D Secure", buttons if intent["status"] == "requires_action" else "<p>There is nothing to answer here.</p>"
        )
    if given.get("challenge") == "leave":
        return _after_challenge(books, intent, session, left=True)
    paying.answer_challenge(books, intent, passed=given.get("challenge") == "complete")
    if intent["status"] == "succeeded" and (opened := books.find(intent.get("_portal"))):
        portal_page.use_card(books, opened, books.get(intent["payment_method"], "payment_method"))
    return _after_challenge(books, intent, session, left=False)


def _after_challenge(books: Books, intent: Doc, session: Doc | None, *, left: bool) -> Shown:
    here = f"{books.house.public_url}/till"
    if session and session["status"] == "complete":
        return checkout.leads_to(session)
    if session and session["status"] == "open":
        return session["cancel_url"] or session["url"] if left else session["url"]
    if intent.get("_portal"):
        return f"{here}/portal/{intent['_portal']}"
    if intent.get("_invoice"):
        return f"{here}/invoices/{intent['_invoice']}"
    return intent.get("_return_url") or f"{here}/"


def invoice_page(books: Books, invoice: Doc, given: Form | None, trouble: str | None) -> Shown:
    if given is not None and invoice["status"] == "open":
        outcome = invoices.collect(books, invoice, method_typed(books, given))
        if outcome == "requires_action":
            return f"{books.house.public_url}/till/3ds/{invoice['_intent']}"
        trouble = (books.get(invoice["_intent"], "payment_intent")["last_payment_error"] or {}).get("message")
    currency = invoice["currency"]
    pairs = [
        (
            f"{row['description']}, {html.day(row['period']['start'])} to {html.day(row['period']['end'])}",
            money(row["amount"], currency),
        )
        for row in invoice["lines"]["data"]
    ]
    pairs += [("Discount", money(-part["amount"], currency)) for part in invoice["total_discount_amounts"]]
    pairs += [("Balance", money(invoice["starting_balance"], currency))] if invoice["starting_balance"] else []
    head = html.rows(
        [("Status", invoice["status"]), ("Of", html.day(invoice["created"])), ("For", invoice["customer_email"] or "–")]
    )
    table = html.rows(pairs, ("Due", money(invoice["amount_due"], currency)))
    pay = ""
    if invoice["status"] == "open":
        pay = html.form(html.card_fields(), html.button("Pay", main=True), html.card_buttons())
    return html.page(
        f"Invoice {invoice['number'] or '(draft)'}",
        html.bad(trouble),
        f"<section>{head}</section>",
        f"<section>{table}</section>",
        pay,
        _home(books),
    )


def receipt_page(books: Books, charge: Doc, given: Form | None, trouble: str | None) -> Shown:
    card = charge["payment_method_details"]["card"]
    pairs = [
        ("Paid", money(charge["amount"], charge["currency"])),
        ("On", html.day(charge["created"])),
        ("Card", f"{card['brand']} ending in {card['last4']}"),
        ("Given back", money(charge["amount_refunded"], charge["currency"])),
    ]
    return html.page("Receipt", f"<section>{html.rows(pairs)}</section>")


VIEWS: dict[str, tuple[set[str], View]] = {
    "checkout": ({"checkout.session"}, checkout_page),
    "3ds": ({"payment_intent", "setup_intent"}, challenge_page),
    "invoices": ({"invoice"}, invoice_page),
    "receipts": ({"charge"}, receipt_page),
    "portal": ({"billing_portal.session"}, portal_page.show),
}
