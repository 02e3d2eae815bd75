"""What the house does by the clock, and how often. A tick only enqueues: whoever is woken looks what is due and does it."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from importlib import import_module
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.utils import timezone
from django_tasks import TaskResultStatus, task
from django_tasks_db.models import DBTaskResult

from broadsheet.billing import tasks as billing
from broadsheet.billing.actions import sweep as compare_with_stripe
from broadsheet.billing.actions.lapsing import tell_whose_grace_is_over
from broadsheet.billing.actions.writing import remind
from broadsheet.library import tasks as library
from broadsheet.library.actions.gleaning import glean_new
from broadsheet.library.actions.rounds import find_new, tell_due
from broadsheet.mailroom import tasks as mailroom
from broadsheet.mailroom.models import Lane
from broadsheet.mailroom.returning import empty_letterbox
from broadsheet.mailroom.sending import send_due
from broadsheet.membership import tasks as membership
from broadsheet.membership.actions.readings import fold_readings
from broadsheet.newsletters import running as editions
from broadsheet.newsletters import tasks as newsletters
from broadsheet.newsletters.actions.signing_up import take_up_consents
from broadsheet.newsletters.actions.welcoming import welcome_all
from broadsheet.newsroom import tasks as newsroom
from broadsheet.newsroom.actions import nudge_lifted_embargoes, publish_due
from broadsheet.press import tasks as press
from broadsheet.press.actions import press as press_article
from broadsheet.press.actions import press_stale, print_due
from broadsheet.research import tasks as research
from broadsheet.research.actions.briefings import send_briefings
from broadsheet.research.actions.refreshing import refresh_dossiers
from broadsheet.research.actions.telling import tell_of_dossiers
from broadsheet.wire import tasks as wire
from broadsheet.wire.actions.roundups import publish_due as publish_due_roundup

LONGEST_TASK = timedelta(minutes=15)  # what runs longer was killed with its worker
LOOKS_BACK = timedelta(days=70)  # more than the demo's clock moves in one go


@dataclass(frozen=True, slots=True)
class Tick:
    """`every`: seconds."""

    name: str
    every: int
    task: Any
    args: tuple[Any, ...] = ()

    def enqueue(self) -> None:
        """Unless one is waiting already: a worker that was away finds one errand, not a thousand."""
        waiting = DBTaskResult.objects.filter(task_path=self.task.module_path, status=TaskResultStatus.READY)
        if not any(tuple(result.args_kwargs["args"]) == self.args for result in waiting[:10]):
            self.task.enqueue(*self.args)


@task()
def tidy_tasks() -> None:
    """Fail what a killed worker left running, so that it is seen; forget what succeeded long ago."""
    lost = DBTaskResult.objects.filter(status=TaskResultStatus.RUNNING, started_at__lt=timezone.now() - LONGEST_TASK)
    lost.update(status=TaskResultStatus.FAILED, finished_at=timezone.now())
    call_command("prune_db_task_results", verbosity=0, min_age_days=1, failed_min_age_days=30)
    call_command("clearsessions", verbosity=0)


TICKS: tuple[Tick, ...] = (
    Tick("publish what is due", 10, newsroom.publish_due),
    Tick("fold in readings", 10, membership.fold_readings),
    Tick("send what waits", 30, mailroom.send_mail, (Lane.TRANSACTIONAL.value,)),
    Tick("print what was missed", 60, press.press_stale),
    Tick("glean what was pressed", 10, library.glean),
    Tick("tell of what came out", 10, library.tell),
    Tick("send what comes by the thousand", 60, mailroom.send_bulk),
    Tick("fill the next editions", 60, newsletters.make_editions),
    Tick("send editions", 10, newsletters.send_editions),
    Tick("count what became of editions", 3600, newsletters.tally_editions),
    Tick("welcome whoever signed up", 300, newsletters.welcome),
    Tick("listen to sources", 10, wire.listen),
    Tick("publish the roundup", 60, wire.publish_roundup),
    Tick("forget old items", 3600, wire.forget),
    Tick("keep dossiers up", 10, research.keep_dossiers_up),
    Tick("bring briefings", 60, research.bring_briefings),
    Tick("choose examples of questions", 60, research.choose_examples),
    Tick("forget questions", 3600, research.forget),
    Tick("heed Stripe's notices", 30, billing.heed_waiting),
    Tick("deliver years that were given", 300, billing.settle_years),
    Tick("compare with Stripe", 3600, billing.sweep),
    Tick("tell Stripe of new addresses", 3600, billing.tell_addresses),
    Tick("remind of renewals", 3600, billing.remind),
    Tick("end what erased readers hold", 3600, billing.end_what_erased_readers_hold),
    Tick("settle coupons", 3600, billing.settle_coupons),
    *([Tick("turn the till", 5, import_module("broadsheet.config.demo.till").turn)] if settings.DEMO else []),
    *([Tick("take mail that came back", 300, mailroom.take_returned_mail)] if settings.MAIL_RETURNS_MAILBOX else []),
    Tick("squeeze snapshots", 300, press.squeeze),
    Tick("index what was left", 600, newsroom.index_what_was_left),
    Tick("forget what no longer matters", 3600, membership.sweep),
    Tick("forget what was told", 3600, library.forget),
    Tick("forget old mail", 3600, mailroom.forget_sent),
    Tick("tidy the tasks", 3600, tidy_tasks),
)


def run_what_is_due(*, at: datetime) -> None:
    """All of it at once and in this process: for the operator's `sweep`, and for the demo when its clock was moved."""
    try:
        publish_due(at=at)
    finally:  # what cannot be published is said when the rest is done
        _follow(at)


def _follow(at: datetime) -> None:
    nudge_lifted_embargoes(since=at - LOOKS_BACK, at=at)
    publish_due_roundup(at=at, zone=timezone.get_default_timezone())
    press_stale(at=at, press_one=lambda article_id: press_article(article_id, at=at))
    glean_new(at=at)
    print_due(at=at)
    _send_editions(at)
    find_new(at=at)
    tell_due(at=at)
    refresh_dossiers(at=at)
    tell_of_dossiers(at=at)
    send_briefings(at=at)
    if settings.DEMO:
        import_module("broadsheet.config.demo.till").the_till().run_due()
    try:
        compare_with_stripe(at=at)
    finally:  # where Stripe is away all else goes on
        _write_and_fold(at)


def send_what_comes_out(*, at: datetime) -> None:
    """What is due to be published, and the editions that bring it: as much of a day as the demo's clock sees to on its way."""
    publish_due(at=at)
    publish_due_roundup(at=at, zone=timezone.get_default_timezone())
    press_stale(at=at, press_one=lambda article_id: press_article(article_id, at=at))
    _send_editions(at)


def _send_editions(at: datetime) -> None:
    editions.make_editions(at=at, zone=timezone.get_default_timezone())
    editions.send_editions(state=settings.STATE, clock=lambda: at, until=at + timedelta(seconds=1))


def _write_and_fold(at: datetime) -> None:
    remind(at=at)
    tell_whose_grace_is_over(at=at)
    take_up_consents(at=at)
    welcome_all(at=at)
    for lane in (Lane.TRANSACTIONAL, Lane.BULK):
        send_due(lane=lane, clock=lambda: at)
    fold_readings(settings.SPOOL)
    if settings.MAIL_RETURNS_MAILBOX:  # last, since another machine may be away
        empty_letterbox(settings.MAIL_RETURNS_MAILBOX, at=at)
