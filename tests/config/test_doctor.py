"""The doctor says what is wrong before readers do, and what to do about it."""

from datetime import UTC, datetime, timedelta
from functools import partial
from operator import sub
from pathlib import Path

import pytest
from django_tasks_db.models import DBTaskResult

from broadsheet.config import doctor
from broadsheet.kit.leasing import take_lease
from broadsheet.kit.models import Lease
from broadsheet.library.actions.gleaning import glean_new
from broadsheet.library.actions.rounds import find_new
from broadsheet.library.catching_up import catch_up, folder
from broadsheet.library.keeping import current
from broadsheet.library.models import Gleaning
from broadsheet.mailroom.actions import post
from broadsheet.mailroom.models import Dispatch, Lane
from broadsheet.mailroom.sending import send_due
from broadsheet.press.actions import press
from broadsheet.press.models import Pressing, Slip
from broadsheet.press.tasks import press_dependents
from tests import make
from tests.sink import on_loopback

pytestmark = pytest.mark.django_db

LATER = timedelta(hours=1)


@pytest.fixture(autouse=True)
def publication(settings, tmp_path, at):
    """Everything as it should be."""
    settings.STATE, settings.BASE_URL = tmp_path, "http://127.0.0.1:8000"
    make.site()
    press(make.article(headline="Coup in Mali").pk, at=at)
    Slip.objects.update(stale_at=None)
    glean_new(at=at)
    catch_up()
    find_new(at=at)
    take_lease("clock", holder="somebody", lasts=LATER, at=datetime.now(UTC))
    DBTaskResult.objects.all().delete()


def found(at, settings_file=Path("nowhere")):
    findings = doctor.examine(at=at, settings_file=settings_file)
    return {each.of: f"{each.says} {each.do}" for each in findings if each.do and each.of != "disk"}, findings


def test_where_all_is_well_each_thing_has_a_line_that_says_so(at):
    wrong, findings = found(at)

    assert wrong == {}
    assert [each.of for each in findings] == [
        *("address", "secret", "disk", "mail", "Stripe", "database", "tables"),
        *("clock", "worker", "outbox", "pages", "search", "alerts"),
    ]


def test_a_server_of_others_needs_tls_and_a_host_that_is_answered_to(settings, at):
    settings.BASE_URL, settings.SECURE = "http://review.example", False
    assert "Add review.example to BROADSHEET_HOSTS." in found(at)[0]["address"]

    settings.ALLOWED_HOSTS = ["review.example"]
    assert "is not encrypted" in found(at)[0]["address"]


@pytest.mark.parametrize("host", ["example.org", "a.b.example.org"])
def test_a_name_with_all_below_it_is_answered_to(settings, host, at):
    settings.BASE_URL, settings.SECURE, settings.ALLOWED_HOSTS = f"https://{host}", True, [".example.org"]

    assert "address" not in found(at)[0]


def test_settings_that_others_can_read_are_told(tmp_path, at):
    file = tmp_path / "broadsheet.env"
    file.touch(mode=0o644)

    assert f"chmod 600 {file}" in found(at, file)[0]["secret"]


@pytest.mark.parametrize(
    ("key", "notices", "says"),
    [("sk_test_1", (), "no notice is believed"), ("sk_live_1", ("whsec_1",), "by https alone")],
)
def test_a_key_of_stripe_s_alone_is_not_enough(settings, at, key, notices, says):
    settings.STRIPE_SECRET_KEY, settings.STRIPE_NOTICE_SECRETS = key, notices

    assert says in found(at)[0]["Stripe"]


def no_worker(at):
    Lease.objects.update(until=at)


def an_errand_waits(at):
    press_dependents.enqueue()
    DBTaskResult.objects.update(enqueued_at=datetime.now(UTC) - LATER)


def an_errand_failed(at):
    press_dependents.enqueue()
    DBTaskResult.objects.update(status="FAILED", finished_at=datetime.now(UTC))


def a_mail_waits(at):
    moments = {"posted_at": at - LATER, "due_at": at - LATER}
    Dispatch.objects.create(kind="code", to="fay@example.org", subject="", text="", **moments)


def a_page_waits(at):
    Slip.objects.update(stale_at=at - LATER)


def the_clock_is_late(at):
    Pressing.objects.update(pressed_at=at + LATER)


def nobody_indexes(at):
    press(make.article(headline="Elections in Niger").pk, at=at - LATER)
    Slip.objects.update(stale_at=None)
    glean_new(at=at)


def a_file_is_damaged(at):
    next(current(folder()).glob("*.store")).write_bytes(b"nothing")


def there_is_no_index(at):
    (folder() / "current").unlink()


def nobody_gleans(at):
    Gleaning.objects.update(change=0)
    Pressing.objects.update(pressed_at=at - LATER)


@pytest.mark.parametrize(
    ("trouble", "of", "says"),
    [
        (no_worker, "worker", "None is running."),
        (an_errand_waits, "worker", "1 errands have waited"),
        (an_errand_failed, "worker", "1 errands have failed within a day: press_dependents."),
        (a_mail_waits, "outbox", "1 mails have waited"),
        (a_page_waits, "pages", "broadsheet manage press --stale"),
        (the_clock_is_late, "clock", "Set this machine's clock."),
        (nobody_indexes, "search", "is not found. Run a worker on this machine, or broadsheet manage index_library --follow"),
        (a_file_is_damaged, "search", "is damaged"),
        (there_is_no_index, "search", "There is none yet"),
        (nobody_gleans, "alerts", "no alert tells of it"),
    ],
)
def test_what_stands_still_is_told_with_what_to_do(at, trouble, of, says):
    trouble(at)

    assert says in found(at)[0].get(of, "")


def test_a_server_that_answers_and_takes_nothing_is_told_without_a_reader_s_address(settings, at):
    post(kind="account-notice", to="busy@example.org", context={"sentence": "Something was changed."}, at=at - LATER)
    DBTaskResult.objects.all().delete()
    with on_loopback(settings):
        for minutes in (60, 59, 54, 24):  # the next try is in two hours
            send_due(lane=Lane.TRANSACTIONAL, clock=partial(sub, at, timedelta(minutes=minutes)))

        wrong, _ = found(at)

    assert wrong.keys() == {"outbox"}
    assert "1 mails have waited" in wrong["outbox"]
    assert "The last trouble: SMTPRecipientsRefused 451. Look" in wrong["outbox"]


@pytest.mark.parametrize("moved", [-LATER, LATER])
def test_an_errand_has_not_waited_because_the_demo_s_clock_was_moved(moved):
    press_dependents.enqueue()

    assert doctor.worker(datetime.now(UTC) + moved) == doctor.Finding("worker", "It is running, and nothing waits.")


def test_a_mail_provider_that_nobody_hears_is_wrong(settings):
    settings.MAIL_PROVIDER, settings.ANYMAIL = "postmark", {"WEBHOOK_SECRET": ""}
    deaf = doctor.mail_door()
    settings.ANYMAIL = {"WEBHOOK_SECRET": "a:b"}

    assert "BROADSHEET_MAIL_NOTICES_SECRET" in deaf.do
    assert doctor.mail_door().do == ""
