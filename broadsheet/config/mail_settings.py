"""Settings of the mail that take more than the standard library to read."""

from email.utils import parseaddr

from broadsheet.config.environment import BadSetting, text, words
from broadsheet.mailroom import dkim
from broadsheet.mailroom.envelope import MOST_BEFORE_MARK, Unfit, domain_of, on_the_wire
from broadsheet.mailroom.letterbox import is_letterbox
from broadsheet.mailroom.names import is_nameserver
from broadsheet.mailroom.provided import PROVIDERS


def returns_to() -> str:
    value = text("BROADSHEET_RETURNS_TO")
    try:
        address = on_the_wire(value)
    except Unfit:
        raise BadSetting(f"BROADSHEET_RETURNS_TO is {value!r}; it takes one address such as returns@review.example.") from None
    if len(address.rpartition("@")[0]) > MOST_BEFORE_MARK:
        raise BadSetting(f"BROADSHEET_RETURNS_TO is {value!r}; before its @ it takes at most {MOST_BEFORE_MARK} letters.")
    return address


def dkim_keys(mail_from: str) -> tuple[dkim.Key, ...]:
    """Private keys in PEM, one after another."""
    selectors = words("BROADSHEET_DKIM_SELECTOR", "broadsheet")
    domain = text("BROADSHEET_DKIM_DOMAIN", domain_of(parseaddr(mail_from)[1]))
    try:
        return dkim.keys_from(text("BROADSHEET_DKIM_KEY"), selectors=selectors, domain=domain)
    except dkim.BadKey as trouble:
        raise BadSetting(f"BROADSHEET_DKIM_KEY cannot sign mail: {trouble}.") from None


def returns_mailbox() -> str:
    """Its password is in it: what is wrong is said without repeating it."""
    value = text("BROADSHEET_RETURNS_MAILBOX")
    if not is_letterbox(value):
        known = "imaps://user:password@host/INBOX, maildir:///path or mbox:///path"
        raise BadSetting(f"BROADSHEET_RETURNS_MAILBOX names no mailbox that can be read; it takes {known}.")
    return value


def refuse_no_nameservers(given: tuple[str, ...]) -> None:
    if wrong := [server for server in given if not is_nameserver(server)]:
        raise BadSetting(f"BROADSHEET_NAMESERVERS holds {wrong[0]!r}; it takes addresses such as 192.0.2.53, divided by commas.")


def provider(name: str) -> tuple[str, dict[str, object]]:
    """The backend that sends through a mail provider, and what Anymail is told of it."""
    if name not in PROVIDERS:
        raise BadSetting(f"BROADSHEET_MAIL_PROVIDER is {name!r}; it takes one of {', '.join(PROVIDERS)}, or nothing for SMTP.")
    chosen, secret = PROVIDERS[name], text("BROADSHEET_MAIL_NOTICES_SECRET", "")
    key, signing = text("BROADSHEET_MAIL_KEY", ""), text("BROADSHEET_MAIL_SIGNING_KEY", "")
    if not key:
        raise BadSetting(f"BROADSHEET_MAIL_KEY is not set; {name} sends nothing without it.")
    if secret and not all(secret.partition(":")):
        raise BadSetting("BROADSHEET_MAIL_NOTICES_SECRET takes a name and a password divided by a colon: review:long-and-random.")
    if secret and chosen.signing and not signing:
        raise BadSetting(f"BROADSHEET_MAIL_SIGNING_KEY is not set; {name} signs its notices, and none is believed without it.")
    return chosen.backend, chosen.told(key=key, signing=signing, secret=secret)
