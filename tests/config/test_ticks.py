"""What the operator's sweep does at once, and what the worker's threads are for."""

from datetime import timedelta

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django_tasks import TaskResultStatus
from django_tasks_db.models import DBTaskResult
from wagtail.models import Revision

from broadsheet.billing import stripe_api, tasks
from broadsheet.config.ticks import TICKS, run_what_is_due
from broadsheet.config.working import QUEUES, queue_worker
from broadsheet.mailroom.models import Dispatch
from broadsheet.research.tasks import keep_dossiers_up
from broadsheet.till.client import InProcess
from tests import cast, make
from tests.billing.counter import Counter
from tests.press.proofs import slip_of

pytestmark = pytest.mark.django_db


def test_a_sweep_prints_what_is_due_before_it_says_what_cannot_be_published(at):
    broken, sound = make.article(live=False), make.article(live=False)
    for article in (broken, sound):
        article.go_live_at = at + timedelta(hours=1)
        with time_machine.travel(at, tick=False):
            article.save_revision().publish()
    Revision.objects.filter(object_id=str(broken.pk)).update(content={"pk": broken.pk})

    with pytest.raises(ValidationError):
        run_what_is_due(at=at + timedelta(hours=2))

    assert slip_of(sound).full_cut


def test_while_stripe_is_away_readers_are_reminded_all_the_same(settings, at):
    counter = Counter(at=at)
    settings.STRIPE_SECRET_KEY, settings.STRIPE_HTTP_CLIENT = "sk_test_of_the_counter", InProcess(counter.till)
    held = counter.subscribe(cast.fay(at), counter.price())
    counter.till.outage.limited = 1_000

    with pytest.raises(stripe_api.Unreachable):
        run_what_is_due(at=held.period_ends_at - timedelta(days=1))

    assert Dispatch.objects.filter(kind="renewal").exists()


def test_each_queue_has_a_thread_and_no_mail_waits_behind_anything_else(settings):
    worked_off = [name for names in QUEUES for name in names]
    asks_stripe = {tick.task.queue_name for tick in TICKS if tick.task.module_path.startswith("broadsheet.billing.")}

    assert sorted(worked_off) == sorted(settings.TASKS["default"]["QUEUES"])
    assert {tasks.heed.queue_name, *asks_stripe} == {"stripe", "long"}
    assert ("mail",) in QUEUES


@pytest.mark.django_db(transaction=True)
def test_what_waited_in_a_queue_that_had_another_name_is_worked_off():
    keep_dossiers_up.using(queue_name="dossiers").enqueue()
    worker = queue_worker(*next(names for names in QUEUES if keep_dossiers_up.queue_name in names), interval=0)
    worker.batch = True  # until nothing waits

    worker.run()

    assert DBTaskResult.objects.get(task_path=keep_dossiers_up.module_path).status == TaskResultStatus.SUCCESSFUL
