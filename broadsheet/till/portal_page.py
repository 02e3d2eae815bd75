"""The billing portal as a customer sees it: card, address, plan, the end and its undoing, invoices."""

from broadsheet.till import cards, catalog, changing, customers, ending, html, payments, standing
from broadsheet.till.books import Books, Doc
from broadsheet.till.html import money
from broadsheet.till.lines import described
from broadsheet.till.refusals import Refusal, invalid
from broadsheet.till.typed import method_typed

OPEN_FOR = 3600


def show(books: Books, session: Doc, given: dict[str, str] | None, trouble: str | None) -> bytes | str:
    if books.now > session["created"] + OPEN_FOR and not session.get("_visited_at", 0) + OPEN_FOR > books.now:
        return html.page("This page has expired", "<p>Ask for a new one where you came from.</p>")
    session["_visited_at"] = books.now
    books.save(session)
    customer = books.get(session["customer"], "customer")
    configuration = books.get(session["configuration"], "billing_portal.configuration")
    if given is not None:
        return do(books, session, customer, configuration["features"], given) or _after(books, session)
    return _page(books, session, customer, configuration, trouble)


def _after(books: Books, session: Doc) -> str:
    after = (session["flow"] or {}).get("after_completion") or {}
    if after.get("type") == "redirect":
        return str(after["redirect"]["return_url"])
    return f"{books.house.public_url}/till/portal/{session['id']}"


def do(books: Books, session: Doc, customer: Doc, features: Doc, given: dict[str, str]) -> str | None:
    """Do what one of the page's forms asks for; an address to go on to comes back where there is one."""
    if {"number", "test_card"} & given.keys():
        _allowed(features, "payment_method_update")
        return _new_card(books, session, customer, method_typed(books, given))
    if "country" in given:
        _allowed(features, "customer_update")
        address = {name: given.get(name, "") for name in ("line1", "city", "postal_code", "country")}
        customers.update(books, {"name": given.get("name", ""), "address": address}, customer["id"])
        return None
    _change(books, customer, features, given)
    return None


def _change(books: Books, customer: Doc, features: Doc, given: dict[str, str]) -> None:
    verb = next((verb for verb in ("cancel", "keep", "plan") if given.get(verb)), None)
    if verb is None:
        raise invalid("Nothing was chosen.")
    ident, _, price = given[verb].partition(":")
    subscription = books.get(ident, "subscription")
    if subscription["customer"] != customer["id"]:
        raise Refusal("That is not yours.", status=404)
    if verb == "plan":
        _allowed(features, "subscription_update")
        if price not in offered(features):
            raise invalid("That plan is not offered here.")
        item = {"id": subscription["items"]["data"][0]["id"], "price": price}
        how = features["subscription_update"]["proration_behavior"]
        changing.update(books, {"items": [item], "proration_behavior": how}, ident)
        return
    wanted = features["subscription_cancel"]
    _allowed(features, "subscription_cancel")
    if verb == "keep" or wanted["mode"] == "at_period_end":
        changing.update(books, {"cancel_at_period_end": verb == "cancel"}, ident)
    else:
        prorate = wanted["proration_behavior"] != "none"
        ending.cancel(books, {"prorate": prorate, "invoice_now": wanted["proration_behavior"] == "always_invoice"}, ident)


def _allowed(features: Doc, name: str) -> None:
    if not features[name]["enabled"]:
        raise invalid("This cannot be changed here.")


def offered(features: Doc) -> list[str]:
    return [price for product in features["subscription_update"]["products"] or [] for price in product["prices"]]


def _new_card(books: Books, session: Doc, customer: Doc, method: Doc) -> str | None:
    if method["_behaviour"] in cards.CANNOT_BE_SAVED:
        raise invalid(cards.error_of(method["_behaviour"])["message"])
    setup = books.add("setup_intent", customer=customer["id"], payment_method=method["id"], usage="off_session", metadata={})
    setup |= {"payment_method_types": ["card"], "client_secret": f"{setup['id']}_secret_{books.salt}", "status": "succeeded"}
    setup["_portal"] = session["id"]
    if method["_behaviour"] in cards.ASKS:
        url = f"{books.house.public_url}/till/3ds/{setup['id']}"
        setup |= {"status": "requires_action"}
        setup["next_action"] = {"type": "redirect_to_url", "redirect_to_url": {"return_url": None, "url": url}}
        books.tell("setup_intent.created", books.save(setup))
        return url
    books.tell("setup_intent.created", books.save(setup))
    payments.keep(books, method, customer["id"])
    books.tell("setup_intent.succeeded", setup)
    use_card(books, session, method)
    return None


def use_card(books: Books, session: Doc, method: Doc) -> None:
    """From now on the customer, and each running subscription, pays with this card."""
    customer = books.get(session["customer"], "customer")
    customers.update(books, {"invoice_settings": {"default_payment_method": method["id"]}}, customer["id"])
    for subscription in books.all("subscription", customer=customer["id"]):
        if subscription["status"] not in standing.ENDED:
            subscription["default_payment_method"] = method["id"]
            books.tell("customer.subscription.updated", books.save(subscription))


def _page(books: Books, session: Doc, customer: Doc, configuration: Doc, trouble: str | None) -> bytes:
    features = configuration["features"]
    parts = [html.bad(trouble)]
    if session["return_url"]:
        parts.append(f'<p><a href="{html.escape(session["return_url"])}">Back to {html.escape(books.house.account_name)}</a></p>')
    subscriptions = [one for one in books.all("subscription", customer=customer["id"]) if one["status"] != "incomplete_expired"]
    parts += [_subscription(books, one, features) for one in subscriptions]
    parts += [_card(books, customer, features), _address(customer, features), _invoices(books, customer, features)]
    return html.page("Your subscription", *parts)


def _subscription(books: Books, subscription: Doc, features: Doc) -> str:
    item = subscription["items"]["data"][0]
    price = money(catalog.amount_in(books, item["price"], subscription["currency"]) * item["quantity"], subscription["currency"])
    pairs = [(f"{item['quantity']} × {described(books, item['price'])}", price), ("Status", subscription["status"])]
    if subscription["cancel_at"]:
        pairs.append(("Ends on", html.day(subscription["cancel_at"])))
    elif subscription["status"] != "canceled":
        pairs.append(("Renews on", html.day(item["current_period_end"])))
    buttons = ""
    if subscription["status"] not in standing.ENDED and features["subscription_cancel"]["enabled"]:
        verb, words = ("keep", "Do not end it") if subscription["cancel_at"] else ("cancel", "Cancel subscription")
        buttons = html.button(words, verb, subscription["id"])
    if subscription["status"] in {"active", "trialing"} and features["subscription_update"]["enabled"]:
        prices = [books.get(ident, "price") for ident in offered(features) if ident != item["price"]["id"]]
        buttons += "".join(
            html.button(f"Change to {described(books, one)}", "plan", f"{subscription['id']}:{one['id']}") for one in prices
        )
    return html.form(html.rows(pairs), buttons)


def _card(books: Books, customer: Doc, features: Doc) -> str:
    method = books.find(customer["invoice_settings"]["default_payment_method"])
    if method is None:
        found = [books.find(one["default_payment_method"]) for one in books.newest("subscription", customer=customer["id"])]
        method = next((one for one in found if one), None)
    words = f"{method['card']['brand']} ending in {method['card']['last4']}" if method else "No card yet."
    if not features["payment_method_update"]["enabled"]:
        return f"<section><h2>Card</h2><p>{words}</p></section>"
    return f"<h2>Card</h2><p>{words}</p>" + html.form(
        html.card_fields(), html.button("Use this card", main=True), html.card_buttons()
    )


def _address(customer: Doc, features: Doc) -> str:
    if not features["customer_update"]["enabled"]:
        return ""
    held = customer["address"] or {}
    labels = {"line1": "Street", "postal_code": "Postal code", "city": "City", "country": "Country (two letters)"}
    fields = [html.text_field(name, label, held.get(name) or "") for name, label in labels.items()]
    return "<h2>Address</h2>" + html.form(html.text_field("name", "Name", customer["name"] or ""), *fields, html.button("Save"))


def _invoices(books: Books, customer: Doc, features: Doc) -> str:
    if not features["invoice_history"]["enabled"]:
        return ""
    found = [one for one in books.newest("invoice", customer=customer["id"]) if one["hosted_invoice_url"]]
    items = "".join(
        f'<tr><td><a href="{html.escape(one["hosted_invoice_url"])}">{one["number"]}</a> {html.day(one["created"])}</td>'
        f"<td>{money(one['total'], one['currency'])}, {one['status']}</td></tr>" for one in found
    )  # fmt: skip
    return f"<h2>Invoices</h2><section><table>{items}</table></section>" if items else ""
