"""Billing portal: sessions that lead a customer to it, and what a configuration allows there."""

from broadsheet.till.books import Books, Doc
from broadsheet.till.forms import need, take
from broadsheet.till.refusals import invalid

REASONS = [
    "too_expensive",
    "missing_features",
    "switched_service",
    "unused",
    "customer_service",
    "too_complex",
    "low_quality",
    "other",
]


def create_configuration(books: Books, given: Doc) -> Doc:
    need(given, "features")
    return _configuration(books, given, default=False)


def _configuration(books: Books, given: Doc, *, default: bool) -> Doc:
    made = books.add("billing_portal.configuration", active=True, is_default=default, metadata={}, updated=books.now)
    features = made["features"]
    features["subscription_cancel"] |= {"mode": "at_period_end", "proration_behavior": "none"}
    features["subscription_cancel"]["cancellation_reason"] |= {"options": REASONS}
    features["subscription_update"] |= {"proration_behavior": "none", "trial_update_behavior": "end_trial"}
    _fill(made, given)
    books.tell("billing_portal.configuration.created", books.save(made))
    return made


def _fill(configuration: Doc, given: Doc) -> None:
    take(configuration, given, "default_return_url", "active", "name")
    for name, value in (given.get("business_profile") or {}).items():
        configuration["business_profile"][name] = value or None
    for name, wanted in (given.get("features") or {}).items():
        feature = configuration["features"][name]
        reasons = (wanted or {}).pop("cancellation_reason", None)
        feature.update(wanted or {"enabled": False})
        if reasons:
            feature["cancellation_reason"].update(reasons)
    products = configuration["features"]["subscription_update"]["products"]
    for product in products or []:
        product.setdefault("adjustable_quantity", {"enabled": False, "maximum": None, "minimum": 1})


def update_configuration(books: Books, given: Doc, ident: str) -> Doc:
    configuration = books.get(ident, "billing_portal.configuration")
    _fill(configuration, given)
    configuration["updated"] = books.now
    books.tell("billing_portal.configuration.updated", books.save(configuration))
    return configuration


def default_configuration(books: Books) -> Doc:
    """The one that Stripe makes for every account: cards, address and cancelling at the end of the term."""
    found = [one for one in books.all("billing_portal.configuration") if one["is_default"]]
    if found:
        return found[0]
    updates = {"enabled": True, "allowed_updates": ["address", "email", "name", "tax_id"]}
    features = {"customer_update": updates, "invoice_history": {"enabled": True}, "payment_method_update": {"enabled": True},
                "subscription_cancel": {"enabled": True}}  # fmt: skip
    return _configuration(books, {"features": features}, default=True)


def create_session(books: Books, given: Doc) -> Doc:
    customer = books.get(need(given, "customer"), "customer", param="customer")
    wanted = given.get("configuration")
    configuration = (
        books.get(wanted, "billing_portal.configuration", param="configuration") if wanted else default_configuration(books)
    )
    if not configuration["active"]:
        raise invalid("This portal configuration is not active.", "configuration")
    made = books.add("billing_portal.session", customer=customer["id"], configuration=configuration["id"])
    made |= {"return_url": given.get("return_url") or configuration["default_return_url"], "locale": given.get("locale")}
    made |= {"flow": _flow(books, given["flow_data"], customer) if given.get("flow_data") else None}
    made["url"] = f"{books.house.public_url}/till/portal/{made['id']}"
    books.tell("billing_portal.session.created", books.save(made))
    return made


def _flow(books: Books, given: Doc, customer: Doc) -> Doc:
    kind = need(given, "type")
    flow: Doc = {"type": kind, "customer_update": None, "subscription_cancel": None, "subscription_update": None,
                 "subscription_update_confirm": None}  # fmt: skip
    if kind in ("subscription_cancel", "subscription_update"):
        subscription = books.get(
            need(need(given, kind), "subscription"), "subscription", param=f"flow_data[{kind}][subscription]"
        )
        if subscription["customer"] != customer["id"]:
            raise invalid("That subscription belongs to another customer.", f"flow_data[{kind}][subscription]")
        flow[kind] = {"subscription": subscription["id"]} | ({"retention": None} if kind == "subscription_cancel" else {})
    after = given.get("after_completion") or {"type": "portal_homepage"}
    flow["after_completion"] = {"hosted_confirmation": None, "redirect": after.get("redirect"), "type": after["type"]}
    return flow
