"""Several workers and readers at the same time, each with a connection of its own; and a worker that is killed half-way."""

import subprocess
import sys
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest
from django.db import connection

from broadsheet.library.actions.gleaning import glean_new
from broadsheet.library.policy import Often
from broadsheet.mailroom.models import Dispatch
from broadsheet.press.actions import press
from broadsheet.research.actions import editing
from broadsheet.research.actions.briefings import send_briefings, set_briefing
from broadsheet.research.actions.dossiers import follow
from broadsheet.research.actions.enquiries import Asker, NoQuestionLeft, count_gathering, count_question, questions_left
from broadsheet.research.actions.telling import tell_of_dossiers
from broadsheet.research.models import Brought, Change, Following, Morning, Tally
from tests import cast, make
from tests.research.test_dossiers import FOUR, HOUR, go_round, of_editors, published
from tests.threads import at_once

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.postgres]

ROOT = Path(__file__).resolve().parents[2]
SEVEN = timedelta(hours=23)  # from the fixture `at`, which is eight, to the next morning


class Killed(BaseException):
    """The process is no more."""


def killed_before_writing_into(model):
    def execute(run, sql, params, many, context):
        if sql.startswith(f'INSERT INTO "{model._meta.db_table}"'):
            raise Killed
        return run(sql, params, many, context)

    return connection.execute_wrapper(execute)


def there():
    return [model.objects.count() for model in (Morning, Brought, Dispatch)]


@pytest.fixture
def due(at):
    """Two articles for a reader, at seven of the next day."""
    kenya, sada = make.country(), cast.sada(at)
    set_briefing(sada, choices=[("country", kenya.pk)], days=range(7), hour=7, most=7, by_mail=True, at=at)
    for headline in ("The dam", "The bridge"):
        press(make.article(headline=headline, at=at + timedelta(hours=1), countries=[kenya]).pk, at=at)
    glean_new(at=at)
    return at + SEVEN


def test_of_two_workers_one_brings_a_briefing(due):
    assert sum(at_once([lambda: send_briefings(at=due)] * 2)) == 1
    assert there() == [1, 2, 1]


@pytest.mark.parametrize("model", [Brought, Dispatch])
def test_a_worker_killed_between_what_it_brings_and_its_mail_has_brought_nothing(model, due):
    with killed_before_writing_into(model), pytest.raises(Killed):
        send_briefings(at=due)
    assert there() == [0, 0, 0]

    assert send_briefings(at=due) == 1
    assert there() == [1, 2, 1]


@pytest.fixture
def changed(settings, tmp_path, at):
    """A dossier whose follower has not heard yet what changed in it."""
    settings.STATE = tmp_path
    kenya = make.country()
    published("The envoy", at, countries=[kenya])
    editing.publish(of_editors(kenya, at).pk, at=at)
    follow(cast.sada(at), "kenya", often=Often.AT_ONCE, at=at)
    published("The border", at + HOUR, says=FOUR, countries=[kenya])
    go_round(at + HOUR)
    return at + HOUR


@pytest.mark.parametrize(("place", "heard"), [("before", 0), ("behind", 0), ("told", 1)])
def test_whoever_is_killed_while_telling_of_a_dossier_has_told_of_it_once_in_the_end(place, heard, changed):
    command = [sys.executable, "-m", "tests.research.a_teller", str(connection.settings_dict["NAME"]), changed.isoformat(), place]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT) as teller:
        said = teller.stdout.readline()
        teller.kill()

    assert said == "here\n"
    assert (
        Dispatch.objects.count() == Following.objects.exclude(told=0).exclude(told__lt=Change.objects.last().pk).count() == heard
    )
    assert tell_of_dossiers(at=changed) == 1 - heard
    assert tell_of_dossiers(at=changed) == 0
    assert Dispatch.objects.count() == 1


def test_of_questions_asked_in_one_moment_as_many_are_answered_as_are_left(at):
    asker = Asker(reader=cast.sada(at))

    def ask(nth):
        try:
            count_question(asker, f"question {nth}", most=2, at=at)
        except NoQuestionLeft:
            return False
        return True

    assert sorted(at_once([partial(ask, nth) for nth in range(4)])) == [False, False, True, True]
    assert questions_left(asker, most=2, at=at) == 0


def test_of_dossiers_gathered_in_one_moment_each_counts_once(at):
    asker = Asker(reader=cast.sada(at))

    assert sorted(at_once([lambda: count_gathering(asker, most=3, at=at)] * 4)) == [False, True, True, True]
    assert Tally.objects.get().gathered == 3
