"""Settings come from the environment alone; what cannot be read is refused at start with a sentence that says what to do."""

import os
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError


class BadSetting(SystemExit):
    """A setting that cannot be used; the message says which, and what it should be."""


def text(name: str, default: str | None = None) -> str:
    """NAME, or the contents of the file that NAME_FILE names."""
    if file := os.environ.get(f"{name}_FILE"):
        try:
            return Path(file).read_text().strip()
        except OSError as trouble:
            raise BadSetting(f"{name}_FILE names {file}, which cannot be read: {trouble.strerror}.") from None
    value = os.environ.get(name, default)
    if value is None:
        raise BadSetting(f"{name} is not set. See .env.example for what it means.")
    return value


def number(name: str, default: int, *, least: int = 0, most: int = 2**31) -> int:
    value = text(name, str(default))
    if not value.isdecimal() or not least <= int(value) <= most:
        raise BadSetting(f"{name} is {value!r}; it takes a whole number from {least} to {most}.")
    return int(value)


def yes_or_no(name: str, *, default: bool) -> bool:
    value = text(name, "yes" if default else "no").lower()
    if value not in {"yes", "no"}:
        raise BadSetting(f"{name} is {value!r}; it takes yes or no.")
    return value == "yes"


def words(name: str, default: str = "") -> tuple[str, ...]:
    """Several values divided by commas."""
    return tuple(word.strip() for word in text(name, default).split(",") if word.strip())


def internet_addresses(name: str) -> tuple[str, ...]:
    """As numbers, divided by commas."""
    try:
        return tuple(str(ip_address(word)) for word in words(name))
    except ValueError:
        raise BadSetting(f"{name} is {text(name)!r}; it takes addresses such as 192.0.2.10, divided by commas.") from None


def web_address(name: str, default: str) -> str:
    """A site's whole address, without the slash at its end."""
    value = text(name, default).rstrip("/")
    parts = urlsplit(value)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise BadSetting(f"{name} is {value!r}; it takes a whole address such as https://review.example.")
    return value


def zone(name: str, default: str) -> str:
    value = text(name, default)
    try:
        return ZoneInfo(value).key
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise BadSetting(f"{name} is {value!r}; it takes a time zone such as Europe/London or America/New_York.") from None


def key(name: str) -> str:
    """What is sent in a header. It is said in no message."""
    value = text(name, "").strip()
    if not all("!" <= letter <= "~" for letter in value):
        raise BadSetting(f"{name} has a space in it or a letter that no header carries; it takes a key as it was given out.")
    return value


def database_address(name: str, default: str) -> str:
    value = text(name, default)
    if not value.startswith(("sqlite://", "postgresql://", "postgres://")):
        known = "sqlite:///path/to/file or postgresql://user:password@host/name"
        raise BadSetting(f"{name} names no database that Broadsheet runs on; it takes {known}.")
    return value
