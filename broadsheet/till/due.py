"""When a document asks for something to happen by itself: pure, read at every save."""

from typing import Any

DAY = 86_400
INCOMPLETE_FOR = 23 * 3600
TRIAL_END_IS_TOLD = 3 * DAY  # before it
RENEWAL_IS_TOLD = 7 * DAY  # before it
RENEWING = {"active", "past_due", "unpaid", "trialing"}


def at(doc: dict[str, Any]) -> int | None:
    """The next moment; None where nothing will happen."""
    rule = RULES.get(doc["object"])
    return rule(doc) if rule and not doc.get("deleted") else None


def of_subscription(doc: dict[str, Any]) -> int | None:
    if doc["status"] == "incomplete":
        return doc["created"] + INCOMPLETE_FOR
    moments = [doc["cancel_at"]] if doc["status"] in {*RENEWING, "paused"} else []
    if doc["status"] in RENEWING:
        moments += [period_end(doc), (doc["pause_collection"] or {}).get("resumes_at")]
        moments += [] if doc.get("_told_renewal") == period_end(doc) else [tells_renewal_at(doc)]
    if doc["status"] == "trialing" and doc.get("_told_trial_end") != doc["trial_end"]:
        moments.append(max(doc["trial_end"] - TRIAL_END_IS_TOLD, doc["trial_start"]))
    return min((moment for moment in moments if moment is not None), default=None)


def period_end(doc: dict[str, Any]) -> int:
    return min(item["current_period_end"] for item in doc["items"]["data"])


def tells_renewal_at(doc: dict[str, Any]) -> int | None:
    """`invoice.upcoming` is told a week before, and of periods shorter than that never."""
    starts = min(item["current_period_start"] for item in doc["items"]["data"])
    told = period_end(doc) - RENEWAL_IS_TOLD
    return told if told > starts and doc["cancel_at"] is None else None


def of_invoice(doc: dict[str, Any]) -> int | None:
    if doc["status"] == "draft":
        return doc["automatically_finalizes_at"] if doc["auto_advance"] else None
    return doc["next_payment_attempt"] if doc["status"] == "open" and doc["auto_advance"] else None


def of_session(doc: dict[str, Any]) -> int | None:
    return doc["expires_at"] if doc["status"] == "open" else None


def of_coupon(doc: dict[str, Any]) -> int | None:
    return doc["redeem_by"] if doc["valid"] else None


def of_promotion_code(doc: dict[str, Any]) -> int | None:
    return doc["expires_at"] if doc["active"] else None


def of_dispute(doc: dict[str, Any]) -> int | None:
    return doc["evidence_details"]["due_by"] if doc["status"] == "needs_response" else None


RULES = {
    "subscription": of_subscription,
    "invoice": of_invoice,
    "checkout.session": of_session,
    "coupon": of_coupon,
    "promotion_code": of_promotion_code,
    "dispute": of_dispute,
}
