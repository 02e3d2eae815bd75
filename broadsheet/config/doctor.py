"""Looks a publication over and says of each thing how it stands, and of what is wrong what to do. Mends nothing."""

import ipaddress
import os
import re
import shutil
import smtplib
import sys
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import get_connection
from django.db import DatabaseError, connection
from django.db.models import Max, Q
from django.http.request import validate_host
from django_tasks import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from broadsheet.billing import stripe_api
from broadsheet.config.preparing import unmigrated
from broadsheet.kit import clock
from broadsheet.kit.models import Lease
from broadsheet.library.condition import condition, gleaned_since
from broadsheet.library.keeping import has_meaning
from broadsheet.mailroom.models import Dispatch
from broadsheet.press.models import Pressing, Slip

LEAST_ROOM = 1_000_000_000  # bytes
LATE = timedelta(minutes=10)  # what waits longer is waited for in vain
AHEAD = timedelta(minutes=2)  # clocks may differ by that
A_DAY = timedelta(days=1)
PATIENCE = 10  # seconds for the mail server's answer
CODE = re.compile(r"\((\d{3}), b['\"]")  # as smtplib writes what a server answered


@dataclass(frozen=True, slots=True)
class Finding:
    """`do`: what to do about it; "" where it is well."""

    of: str
    says: str
    do: str = ""

    def __str__(self) -> str:
        return f"{'WRONG' if self.do else 'well '}  {self.of}: {self.says}{f' {self.do}' if self.do else ''}"


Check = Callable[[datetime], Finding]


def examine(*, at: datetime, settings_file: Path) -> list[Finding]:
    """What needs the database is looked at only where it answers and is of this version."""
    findings = [address(), secret(settings_file), room(), mail_door(), stripe_mode(), database()]
    if any(each.do for each in findings if each.of == "database"):
        return findings
    findings.append(tables())
    if findings[-1].do:
        return findings
    return [*findings, *(check(at) for check in CHECKS)]


# The deployment


def address() -> Finding:
    host = urlsplit(settings.BASE_URL).hostname or ""
    if not validate_host(host, settings.ALLOWED_HOSTS):
        return Finding("address", f"{settings.BASE_URL} is not answered to.", f"Add {host} to BROADSHEET_HOSTS.")
    if not settings.SECURE and not _is_here(host):
        return Finding(
            "address", f"{settings.BASE_URL} is not encrypted.", "Put a proxy with TLS before it; see docs/operations.md."
        )
    return Finding("address", f"{settings.BASE_URL}, time zone {settings.TIME_ZONE}.")


def _is_here(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def secret(settings_file: Path) -> Finding:
    if settings_file.is_file() and settings_file.stat().st_mode & 0o077:
        return Finding("secret", f"Others can read {settings_file}.", f"Say: chmod 600 {settings_file}")
    more = f", and {len(settings.SECRETS) - 1} older" if len(settings.SECRETS) > 1 else ""
    return Finding("secret", f"One of our own{more}.")


def room() -> Finding:
    state = Path(settings.STATE)
    if not os.access(state, os.W_OK):
        return Finding("disk", f"{state} cannot be written to.", "Give it to whoever runs Broadsheet.")
    free = shutil.disk_usage(state).free
    says = f"{free / 1e9:,.1f} GB are free at {state}."
    return Finding("disk", says, "Make room: printing, mail and search stop without." if free < LEAST_ROOM else "")


def mail_door() -> Finding:
    if settings.DEMO:
        return Finding("mail", "The demo sends none.")
    if settings.MAIL_PROVIDER:
        hears = bool(settings.ANYMAIL.get("WEBHOOK_SECRET"))
        deaf = "" if hears else "Set BROADSHEET_MAIL_NOTICES_SECRET, and the same at the provider: else nobody hears of bounces."
        return Finding("mail", f"{settings.MAIL_PROVIDER} sends it, from {settings.MAIL_FROM}.", deaf)
    server = f"{settings.EMAIL_HOST}:{settings.EMAIL_PORT}"
    try:
        with get_connection(timeout=PATIENCE):
            pass
    except (smtplib.SMTPException, OSError) as trouble:
        return Finding("mail", f"{server} does not take our mail: {trouble}.", "Look at BROADSHEET_SMTP_… and at that server.")
    return Finding("mail", f"{server} takes our mail, from {settings.MAIL_FROM}.")


def stripe_mode() -> Finding:
    if not stripe_api.is_configured():
        return Finding("Stripe", "No key: nothing is sold.")
    mode = "live mode: money is taken" if stripe_api.is_live() else "test mode: no money is taken"
    if not stripe_api.hears():
        return Finding(
            "Stripe", f"{mode}; no notice is believed.", "Set BROADSHEET_STRIPE_NOTICE_SECRETS; see docs/howto/take-payments.md."
        )
    if stripe_api.is_live() and not settings.SECURE:
        return Finding("Stripe", f"{mode}; Stripe sends notices by https alone.", "Set BROADSHEET_URL to an address with https.")
    return Finding("Stripe", f"{mode}.")


# The database


def database() -> Finding:
    kept_in = Path(settings.DATABASES["default"]["NAME"])
    if connection.vendor == "sqlite" and not kept_in.is_file():
        return Finding("database", f"There is none at {kept_in}.", "Start it once (broadsheet serve), or restore a backup.")
    try:
        with connection.cursor() as cursor:
            if connection.vendor != "sqlite":
                return Finding("database", f"{connection.vendor} answers.")
            trouble = cursor.execute("PRAGMA quick_check(1)").fetchone()[0]
    except DatabaseError as away:
        return Finding(
            "database", f"It does not answer: {str(away).strip()}.", "Look at BROADSHEET_DATABASE_URL and at the server."
        )
    if trouble != "ok":
        return Finding("database", f"It is damaged: {trouble}.", "Stop, and restore the newest backup; see docs/operations.md.")
    return Finding("database", "SQLite answers, and is sound.")


def tables() -> Finding:
    if unmigrated():
        return Finding("tables", "They are not of this version.", "Start it once: broadsheet serve migrates.")
    return Finding("tables", "They are of this version.")


# What runs


def clocks(at: datetime) -> Finding:
    written = Pressing.objects.aggregate(newest=Max("pressed_at"))["newest"]
    if written and written > at + AHEAD:
        return Finding(
            "clock", f"It is {at:%Y-%m-%d %H:%M} UTC here, and an article was printed later.", "Set this machine's clock."
        )
    return Finding("clock", f"It is {at:%Y-%m-%d %H:%M} UTC.")


def worker(_: datetime) -> Finding:
    """By the machine's own clock, by which leases and errands are dated, not by one that was moved."""
    at = datetime.now(UTC)
    if not Lease.objects.filter(name="clock", until__gt=at).exists():
        return Finding("worker", "None is running.", "Start it: broadsheet serve does.")
    waiting = DBTaskResult.objects.ready().filter(enqueued_at__lt=at - LATE).exclude(run_after__gt=at - LATE, run_after__lte=at)
    if many := waiting.count():
        return Finding("worker", f"{many:,} errands have waited for more than ten minutes.", "Look into its log; begin it again.")
    failed = DBTaskResult.objects.filter(status=TaskResultStatus.FAILED, finished_at__gt=at - A_DAY)
    if many := failed.count():
        names = ", ".join(sorted({path.rpartition(".")[2] for path in failed.values_list("task_path", flat=True)}))
        return Finding("worker", f"{many:,} errands have failed within a day: {names}.", "The worker's log says why.")
    return Finding("worker", "It is running, and nothing waits.")


def outbox(at: datetime) -> Finding:
    tried = Q(posted_at__lt=at - LATE) & ~Q(trouble="")  # each try in vain puts off when it is due
    waiting = Dispatch.objects.filter(Q(due_at__lt=at - LATE) | tried, sent_at=None, failed_at=None)
    failed = Dispatch.objects.filter(failed_at__gt=at - A_DAY)
    if not waiting.exists() and not failed.exists():
        return Finding("outbox", "No mail waits.")
    why = (waiting | failed).exclude(trouble="").order_by("-due_at").values_list("trouble", flat=True).first()
    says = f"{waiting.count():,} mails have waited for more than ten minutes, {failed.count():,} have failed within a day."
    return Finding(
        "outbox",
        f"{says} The last trouble: {_bare(why)}." if why else says,
        "Look at the mail server, then: broadsheet manage send_mail",
    )


def _bare(trouble: str) -> str:
    """What went wrong, by name and number: what a server says of it may name a reader, and these lines are mailed about."""
    code = CODE.search(trouble)
    return f"{trouble.partition(':')[0]}{f' {code[1]}' if code else ''}"


def pages(at: datetime) -> Finding:
    late = Slip.objects.filter(stale_at__lt=at - LATE).count()
    if late:
        return Finding(
            "pages", f"{late:,} have waited to be printed for more than ten minutes.", "Say: broadsheet manage press --stale"
        )
    return Finding("pages", f"{Pressing.objects.filter(withdrawn_at=None).count():,} articles stand on the site.")


# The library


def library(at: datetime) -> Finding:
    found = condition()
    if found.trouble:
        return Finding("search", found.trouble, "The worker builds it anew; where none runs: broadsheet manage index_library")
    says = f"{found.articles:,} articles are indexed{'' if has_meaning() else ', by words alone'}."
    if found.since and found.since < at - LATE:
        says += f" What was printed since {found.since:%Y-%m-%d %H:%M} UTC is not found."
        return Finding(
            "search", says, "Run a worker on this machine, or broadsheet manage index_library --follow; its log says more."
        )
    return Finding("search", says)


def gleanings(at: datetime) -> Finding:
    since = gleaned_since()
    if since and since < at - LATE:
        says = f"What was printed since {since:%Y-%m-%d %H:%M} UTC is on no country's page, and no alert tells of it."
        return Finding("alerts", says, "Look into the worker's log, then: broadsheet sweep")
    return Finding("alerts", "All that was printed is told.")


CHECKS: tuple[Check, ...] = (clocks, worker, outbox, pages, library, gleanings)


def doctor(*, settings_file: Path) -> None:
    findings = examine(at=clock.now(), settings_file=settings_file)
    for each in findings:
        print(each)
    sys.exit(1 if any(each.do for each in findings) else 0)
