"""What each door of the till takes. Stripe takes more; what is not here is refused as unknown, and never quietly passed over."""

from typing import Any

Shape = dict[str, Any]


def one_of(words: str) -> frozenset[str]:
    return frozenset(words.split())


META: Shape = {"metadata": "map"}
ADDRESS = dict.fromkeys(("city", "country", "line1", "line2", "postal_code", "state"), "text")
SHIPPING = {"address": ADDRESS, "name": "text", "phone": "text"}
RECURRING = {"interval": one_of("day week month year"), "interval_count": "int", "usage_type": one_of("licensed")}
BEHAVIOR = one_of("inclusive exclusive unspecified")
PRORATION = one_of("create_prorations always_invoice none")
CHOSEN = {"coupon": "text", "promotion_code": "text"}
DISCOUNTS = [CHOSEN | {"discount": "text"}]
AUTOMATIC_TAX = {"enabled": "bool"}
PRODUCT_DATA = {"name": "text", "description": "text", "metadata": "map", "tax_code": "text"}
CARD_OPTIONS = {"card": {"request_three_d_secure": one_of("any automatic challenge")}}
PAYMENT_SETTINGS = {
    "save_default_payment_method": one_of("off on_subscription"),
    "payment_method_types": ["text"],
    "payment_method_options": CARD_OPTIONS,
}
TRIAL_SETTINGS = {"end_behavior": {"missing_payment_method": one_of("cancel create_invoice pause")}}
BILLING_MODE = {"type": one_of("classic flexible"), "flexible": {"proration_discounts": one_of("included itemized")}}
FEEDBACK = one_of(
    "customer_service low_quality missing_features other switched_service too_complex too_expensive unused"
)  # fmt: skip
CANCELLATION = {"comment": "text", "feedback": FEEDBACK}

LIST: Shape = {
    "limit": "int",
    "starting_after": "text",
    "ending_before": "text",
}
CREATED: Shape = {"created": {"gt": "int", "gte": "int", "lt": "int", "lte": "int"}}

PRODUCT: Shape = META | {
    "name": "text", "description": "text", "active": "bool", "images": ["text"], "url": "text", "unit_label": "text",
    "statement_descriptor": "text", "tax_code": "text", "marketing_features": [{"name": "text"}],
}  # fmt: skip
PRODUCT_NEW: Shape = PRODUCT | {"id": "text", "default_price_data": {
    "currency": "text", "unit_amount": "int", "recurring": RECURRING, "tax_behavior": BEHAVIOR, "metadata": "map"}}  # fmt: skip
PRODUCT_CHANGE: Shape = PRODUCT | {"default_price": "text"}
PRICE: Shape = META | {"active": "bool", "nickname": "text", "lookup_key": "text", "transfer_lookup_key": "bool",
                       "tax_behavior": BEHAVIOR}  # fmt: skip
CURRENCIES = "eur usd gbp chf sek nok dkk pln czk huf ron bgn cad aud nzd jpy inr brl mxn zar sgd hkd krw aed ils"
CURRENCY_OPTIONS = {code: {"unit_amount": "int", "tax_behavior": BEHAVIOR} for code in CURRENCIES.split()}
PRICE_NEW: Shape = PRICE | {
    "currency": "text", "unit_amount": "int", "product": "text",
    "product_data": {"name": "text", "active": "bool", "metadata": "map", "tax_code": "text"},
    "recurring": RECURRING, "billing_scheme": one_of("per_unit"), "currency_options": CURRENCY_OPTIONS,
}  # fmt: skip
COUPON: Shape = META | {"name": "text"}
COUPON_NEW: Shape = COUPON | {
    "id": "text", "amount_off": "int", "currency": "text", "percent_off": "number", "duration": one_of("forever once repeating"),
    "duration_in_months": "int", "max_redemptions": "int", "redeem_by": "int", "applies_to": {"products": ["text"]},
}  # fmt: skip
RESTRICTIONS = {"first_time_transaction": "bool", "minimum_amount": "int", "minimum_amount_currency": "text"}
CODE_NEW: Shape = META | {
    "promotion": {"type": one_of("coupon"), "coupon": "text"}, "code": "text", "active": "bool", "customer": "text",
    "expires_at": "int", "max_redemptions": "int", "restrictions": RESTRICTIONS,
}  # fmt: skip
CODE_CHANGE: Shape = META | {"active": "bool"}

CUSTOMER: Shape = META | {
    "email": "text", "name": "text", "description": "text", "phone": "text", "address": ADDRESS, "shipping": SHIPPING,
    "preferred_locales": ["text"], "tax_exempt": one_of("none exempt reverse"), "balance": "int", "invoice_prefix": "text",
    "invoice_settings": {"default_payment_method": "text", "footer": "text"},
}  # fmt: skip
CUSTOMER_NEW: Shape = CUSTOMER | {
    "payment_method": "text", "test_clock": "text", "tax_id_data": [{"type": "text", "value": "text"}]}  # fmt: skip
TAX_ID_NEW: Shape = {"type": "text", "value": "text"}
METHOD_NEW: Shape = META | {
    "type": one_of("card"), "card": {"token": "text"}, "billing_details": {"email": "text", "name": "text", "phone": "text",
                                                                          "address": ADDRESS}}  # fmt: skip
METHOD_CHANGE: Shape = META | {"billing_details": METHOD_NEW["billing_details"], "card": {"exp_month": "int", "exp_year": "int"}}

ITEM: Shape = META | {"price": "text", "quantity": "int"}
SUBSCRIPTION: Shape = META | {
    "automatic_tax": AUTOMATIC_TAX, "cancel_at": "moment", "cancel_at_period_end": "bool", "default_payment_method": "text",
    "description": "text", "discounts": DISCOUNTS, "payment_settings": PAYMENT_SETTINGS, "proration_behavior": PRORATION,
    "trial_end": "moment", "trial_settings": TRIAL_SETTINGS, "off_session": "bool",
    "collection_method": one_of("charge_automatically"),
}  # fmt: skip
SUBSCRIPTION_NEW: Shape = SUBSCRIPTION | {
    "customer": "text", "currency": "text", "items": [ITEM], "trial_period_days": "int", "billing_mode": BILLING_MODE,
    "payment_behavior": one_of("allow_incomplete default_incomplete error_if_incomplete"),
}  # fmt: skip
SUBSCRIPTION_CHANGE: Shape = SUBSCRIPTION | {
    "items": [ITEM | {"id": "text", "deleted": "bool"}], "proration_date": "int", "billing_cycle_anchor": one_of("now unchanged"),
    "cancellation_details": CANCELLATION,
    "pause_collection": {"behavior": one_of("keep_as_draft mark_uncollectible void"), "resumes_at": "int"},
    "payment_behavior": one_of("allow_incomplete error_if_incomplete"),
}  # fmt: skip
SUBSCRIPTION_END: Shape = {"cancellation_details": CANCELLATION, "invoice_now": "bool", "prorate": "bool"}
RESUME: Shape = {"billing_cycle_anchor": one_of("now unchanged"), "proration_behavior": PRORATION}

PREVIEW: Shape = {
    "customer": "text", "subscription": "text", "currency": "text", "discounts": DISCOUNTS, "automatic_tax": AUTOMATIC_TAX,
    "subscription_details": {
        "items": [ITEM | {"id": "text", "deleted": "bool"}], "proration_behavior": PRORATION, "proration_date": "int",
        "billing_cycle_anchor": one_of("now unchanged"), "cancel_now": "bool", "cancel_at_period_end": "bool",
        "trial_end": "moment",
    },
}  # fmt: skip
INVOICE_NEW: Shape = META | {
    "customer": "text", "auto_advance": "bool", "description": "text", "currency": "text", "subscription": "text",
    "collection_method": one_of("charge_automatically"), "pending_invoice_items_behavior": one_of("include exclude"),
}  # fmt: skip
INVOICE_CHANGE: Shape = META | {"auto_advance": "bool", "description": "text", "default_payment_method": "text"}
INVOICE_PAY: Shape = {"payment_method": "text", "off_session": "bool", "paid_out_of_band": "bool"}
INVOICE_ITEM: Shape = (
    META | dict.fromkeys(("customer", "currency", "description", "invoice", "subscription"), "text") | {"amount": "int"}
)

PRICE_DATA = {
    "currency": "text", "product": "text", "product_data": PRODUCT_DATA, "unit_amount": "int", "recurring": RECURRING,
    "tax_behavior": BEHAVIOR,
}  # fmt: skip
SESSION_NEW: Shape = META | {
    "mode": one_of("payment setup subscription"), "success_url": "text", "cancel_url": "text", "customer": "text",
    "customer_email": "text", "client_reference_id": "text", "currency": "text", "locale": "text", "expires_at": "int",
    "customer_creation": one_of("always if_required"), "allow_promotion_codes": "bool", "automatic_tax": AUTOMATIC_TAX,
    "billing_address_collection": one_of("auto required"), "discounts": [CHOSEN], "ui_mode": one_of("hosted_page"),
    "customer_update": {name: one_of("auto never") for name in ("address", "name", "shipping")},
    "line_items": [{"price": "text", "price_data": PRICE_DATA, "quantity": "int"}],
    "payment_method_types": ["text"], "payment_method_collection": one_of("always if_required"),
    "subscription_data": META | {
        "trial_period_days": "int", "trial_end": "int", "trial_settings": TRIAL_SETTINGS, "description": "text",
        "billing_mode": BILLING_MODE},
    "payment_intent_data": META | {"description": "text", "receipt_email": "text",
                                   "setup_future_usage": one_of("off_session on_session")},
    "setup_intent_data": META | {"description": "text"}, "tax_id_collection": {"enabled": "bool"},
    "submit_type": one_of("auto book donate pay subscribe"), "invoice_creation": {"enabled": "bool"},
    "consent_collection": {"terms_of_service": one_of("none required")}, "custom_text": {
        name: {"message": "text"} for name in ("submit", "after_submit", "terms_of_service_acceptance")},
}  # fmt: skip

INTENT_NEW: Shape = META | {
    "amount": "int", "currency": "text", "customer": "text", "payment_method": "text", "confirm": "bool", "off_session": "bool",
    "description": "text", "payment_method_types": ["text"], "receipt_email": "text", "return_url": "text",
    "automatic_payment_methods": {"enabled": "bool", "allow_redirects": one_of("always never")},
    "setup_future_usage": one_of("off_session on_session"),
}  # fmt: skip
INTENT_CONFIRM: Shape = {"payment_method": "text", "off_session": "bool", "return_url": "text"}
REASONS = one_of("duplicate fraudulent requested_by_customer")
REFUND_NEW: Shape = META | {"charge": "text", "payment_intent": "text", "amount": "int", "reason": REASONS}
DISPUTE_CHANGE: Shape = META | {"evidence": {"uncategorized_text": "text"}, "submit": "bool"}
NOTE_NEW: Shape = META | {
    "invoice": "text", "amount": "int", "refund_amount": "int", "credit_amount": "int",
    "out_of_band_amount": "int", "memo": "text",
    "reason": one_of("duplicate fraudulent order_change product_unsatisfactory"),
}  # fmt: skip
BALANCE_NEW: Shape = META | {"amount": "int", "currency": "text", "description": "text"}

FEATURES = {
    "customer_update": {"enabled": "bool", "allowed_updates": ["text"]},
    "invoice_history": {"enabled": "bool"},
    "payment_method_update": {"enabled": "bool"},
    "subscription_cancel": {
        "enabled": "bool", "mode": one_of("at_period_end immediately"), "proration_behavior": PRORATION,
        "cancellation_reason": {"enabled": "bool", "options": ["text"]}},
    "subscription_update": {
        "enabled": "bool", "default_allowed_updates": ["text"], "proration_behavior": PRORATION,
        "products": [{"product": "text", "prices": ["text"]}]},
}  # fmt: skip
CONFIGURATION: Shape = META | {
    "business_profile": {"headline": "text", "privacy_policy_url": "text", "terms_of_service_url": "text"},
    "default_return_url": "text", "features": FEATURES, "name": "text",
}  # fmt: skip
CONFIGURATION_CHANGE: Shape = CONFIGURATION | {"active": "bool"}
PORTAL_NEW: Shape = {
    "customer": "text", "configuration": "text", "return_url": "text", "locale": "text", "flow_data": {
        "type": one_of("payment_method_update subscription_cancel subscription_update"),
        "subscription_cancel": {"subscription": "text"}, "subscription_update": {"subscription": "text"},
        "after_completion": {"type": one_of("hosted_confirmation portal_homepage redirect"), "redirect": {"return_url": "text"}}},
}  # fmt: skip
ENDPOINT: Shape = META | {"url": "text", "enabled_events": ["text"], "description": "text"}
ENDPOINT_NEW: Shape = ENDPOINT | {"api_version": "text"}
ENDPOINT_CHANGE: Shape = ENDPOINT | {"disabled": "bool"}
