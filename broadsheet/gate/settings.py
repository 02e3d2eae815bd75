"""What a gate is told at its start: a frozen value, since a gate reads neither Django's settings nor a house rule."""

from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from broadsheet.kit.addresses import Range, range_of

MOST_BYTES = 100_000_000  # of brotli held in memory by one process


@dataclass(frozen=True, slots=True)
class GateSettings:
    """`secrets` newest first. `secure`: readers come by https. `crawlers`: search engines that are shown the full cut."""

    database_url: str
    secrets: tuple[str, ...]
    spool: Path
    trusted_proxies: tuple[Range, ...] = ()
    crawlers: tuple[Range, ...] = ()
    secure: bool = False
    most_bytes: int = MOST_BYTES


class Deployment(Protocol):
    """The facts of the deployment, under the names that they have in `config.settings`."""

    DATABASE_URL: str
    SECRETS: tuple[str, ...]
    SPOOL: Path
    TRUSTED_PROXIES: tuple[str, ...]
    CRAWLERS: tuple[str, ...]
    SECURE: bool


def settings_of(deployment: Deployment) -> GateSettings:
    return GateSettings(
        database_url=deployment.DATABASE_URL,
        secrets=deployment.SECRETS,
        spool=deployment.SPOOL,
        trusted_proxies=ranges_from(deployment.TRUSTED_PROXIES, "BROADSHEET_TRUSTED_PROXIES"),
        crawlers=ranges_from(deployment.CRAWLERS, "BROADSHEET_CRAWLERS"),
        secure=deployment.SECURE,
    )


def ranges_from(written: tuple[str, ...], setting: str) -> tuple[Range, ...]:
    """Addresses and networks (`10.0.0.0/8`) as ranges."""
    ranges = []
    for text in written:
        found = range_of(text)
        if found is None:
            raise BadRange(f"{setting} has {text!r}; it takes addresses and networks, divided by commas.")
        ranges.append(found)
    return tuple(ranges)


class BadRange(SystemExit):
    """A range that cannot be read: refuse to start rather than trust nobody, or everybody, by mistake."""
