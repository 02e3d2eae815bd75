"""Settings of the mail that take more than the standard library to read."""

from email.utils import parseaddr

from broadsheet.config.environment import BadSetting, text, words
from broadsheet.mailroom import dkim
from broadsheet.mailroom.envelope import Unfit, domain_of, on_the_wire


def returns_to() -> str:
    value = text("BROADSHEET_RETURNS_TO")
    try:
        return on_the_wire(value)
    except Unfit:
        raise BadSetting(
            f"BROADSHEET_RETURNS_TO is {value!r}; it takes one mail address such as returns@review.example."
        ) from None


def dkim_keys(mail_from: str) -> tuple[dkim.Key, ...]:
    """Private keys in PEM, one after another."""
    selectors = words("BROADSHEET_DKIM_SELECTOR", "broadsheet")
    domain = text("BROADSHEET_DKIM_DOMAIN", domain_of(parseaddr(mail_from)[1]))
    try:
        return dkim.keys_from(text("BROADSHEET_DKIM_KEY"), selectors=selectors, domain=domain)
    except dkim.BadKey as trouble:
        raise BadSetting(f"BROADSHEET_DKIM_KEY cannot sign mail: {trouble}.") from None
