"""What leaves, what waits and what is given up; against a real mail server on loopback."""

from datetime import timedelta

import pytest

from broadsheet.mailroom.actions import post
from broadsheet.mailroom.models import Dispatch, Lane
from broadsheet.mailroom.sending import send_due
from tests.mailroom.tempers import a_server
from tests.sink import on_loopback

pytestmark = pytest.mark.django_db

MINUTE = timedelta(minutes=1)


@pytest.fixture
def sink(settings):
    with on_loopback(settings) as handler:
        yield handler


def send(at):
    return send_due(lane=Lane.TRANSACTIONAL, clock=lambda: at)


def a_mail(to, at, **fields):
    return post(kind="account-notice", to=to, context={"sentence": "Something was changed."}, at=at, **fields)


def test_a_mail_arrives_with_text_and_html(sink, at):
    a_mail("fay@example.org", at)

    assert send_due(lane=Lane.TRANSACTIONAL, clock=lambda: at) == 1

    message = sink.taken[0]
    assert message["From"] == "The Test Review <post@review.example>"
    assert message["To"] == "fay@example.org"
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["Message-ID"].endswith("@review.example>")
    assert [part.get_content_type() for part in message.iter_parts()] == ["text/plain", "text/html"]
    assert "Something was changed." in message.get_body(("plain",)).get_content()


def test_a_mail_goes_to_the_domain_that_is_meant(sink, at):
    a_mail("fay@straße.example", at)

    send_due(lane=Lane.TRANSACTIONAL, clock=lambda: at)

    assert sink.taken[0]["To"] == "fay@xn--strae-oqa.example"  # not strasse.example


def test_a_transactional_mail_offers_no_unsubscribing(sink, at):
    a_mail("fay@example.org", at)

    send_due(lane=Lane.TRANSACTIONAL, clock=lambda: at)

    assert sink.taken[0]["List-Unsubscribe"] is None


def test_a_mail_is_sent_once(sink, at):
    a_mail("fay@example.org", at)

    assert [send_due(lane=Lane.TRANSACTIONAL, clock=lambda: at) for _ in range(2)] == [1, 0]


def test_each_lane_is_sent_by_itself(sink, at):
    a_mail("fay@example.org", at, lane=Lane.BULK, subject="bulk")
    a_mail("fay@example.org", at, subject="code")

    send_due(lane=Lane.TRANSACTIONAL, clock=lambda: at)

    assert sink.subjects() == ["code"]


def test_a_refused_address_is_given_up_at_once(sink, at):
    a_mail("refused@example.org", at)
    a_mail("fay@example.org", at)

    assert send_due(lane=Lane.TRANSACTIONAL, clock=lambda: at) == 1

    refused = Dispatch.objects.get(to="refused@example.org")
    assert refused.failed_at == at
    assert "nobody of this name" in refused.trouble


def test_a_busy_server_is_asked_again_later_each_time_later(sink, at):
    a_mail("busy@example.org", at)
    waits = []
    moment = at
    for _ in range(5):
        send(moment)
        due = Dispatch.objects.get().due_at
        waits.append((due - moment) / MINUTE)
        moment = due

    assert waits == [1, 5, 30, 120, 360]


def test_after_six_tries_a_mail_is_given_up(sink, at):
    a_mail("busy@example.org", at)
    for day in range(6):
        send(at + timedelta(days=day))

    dispatch = Dispatch.objects.get()
    assert (dispatch.tries, dispatch.failed_at) == (6, at + timedelta(days=5))


def test_a_mail_server_that_is_away_costs_no_mail(settings, sink, at):
    there, settings.EMAIL_PORT = settings.EMAIL_PORT, 1
    a_mail("fay@example.org", at)

    assert send_due(lane=Lane.TRANSACTIONAL, clock=lambda: at) == 0
    settings.EMAIL_PORT = there
    assert send_due(lane=Lane.TRANSACTIONAL, clock=lambda: at + MINUTE) == 1


def test_where_the_server_is_away_nothing_is_tried_and_the_next_run_comes_soon(settings, sink, at):
    settings.EMAIL_PORT = 1
    a_mail("fay@example.org", at)
    a_mail("rex@example.org", at)

    for hours in range(12):
        send(at + timedelta(hours=hours))

    rows = Dispatch.objects.order_by("pk")
    assert [(row.tries, row.claimed_at, row.failed_at, row.due_at) for row in rows] == [(0, None, None, at)] * 2
    assert [bool(row.trouble) for row in rows] == [True, False]  # the second was never reached


def test_what_breaks_the_connection_is_tried_later_and_the_run_ends(settings, at):
    a_mail("once-hangs-up-at-rcpt@example.org", at + MINUTE)
    a_mail("fay@example.org", at)
    with a_server() as server:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", server.port
        assert send(at + MINUTE) == 0
        broke, other = Dispatch.objects.order_by("pk")
        assert (broke.tries, broke.due_at) == (1, at + 2 * MINUTE)
        assert (other.tries, other.claimed_at) == (0, None)
        assert send(at + 2 * MINUTE) == 2


class Ticking:
    """A clock that is later each time it is asked. `then`: done once, when it is first asked after a mail has left."""

    def __init__(self, at, *, step, then=lambda at: None):
        self.at, self.step, self.then = at, step, then

    def __call__(self):
        self.at += self.step
        if Dispatch.objects.exclude(sent_at=None).exists():
            then, self.then = self.then, lambda at: None
            then(self.at)
        return self.at


def test_a_claim_is_of_the_moment_in_which_it_is_made_however_long_the_run_lasts(sink, at):
    for name in ("fay", "rex", "sada"):
        a_mail(f"{name}@example.org", at)

    send_due(lane=Lane.TRANSACTIONAL, clock=Ticking(at, step=6 * MINUTE))

    assert {row.sent_at - row.claimed_at for row in Dispatch.objects.all()} == {6 * MINUTE}


def test_what_is_posted_in_the_midst_of_a_run_goes_before_all_that_waits(sink, at):
    for nth in range(3):
        a_mail("fay@example.org", at, subject=f"old {nth}")
    clock = Ticking(at, step=MINUTE, then=lambda now: a_mail("rex@example.org", now, subject="new"))

    assert send_due(lane=Lane.TRANSACTIONAL, clock=clock) == 4
    assert sink.subjects()[1] == "new"


def test_whoever_is_told_to_stop_sends_no_other(sink, at):
    for _ in range(3):
        a_mail("fay@example.org", at)

    assert send_due(lane=Lane.TRANSACTIONAL, clock=lambda: at, stopping=lambda: bool(sink.taken)) == 1
    assert Dispatch.objects.filter(sent_at=None, claimed_at=None, tries=0).count() == 2


def test_a_claimed_mail_is_left_to_its_sender_until_that_has_died(sink, at):
    a_mail("fay@example.org", at)
    Dispatch.objects.update(claimed_at=at, tries=1)

    assert send_due(lane=Lane.TRANSACTIONAL, clock=lambda: at + 9 * MINUTE) == 0
    assert send_due(lane=Lane.TRANSACTIONAL, clock=lambda: at + 10 * MINUTE) == 1


def test_a_mail_keeps_its_message_id_from_try_to_try(sink, at):
    a_mail("fay@example.org", at)
    send_due(lane=Lane.TRANSACTIONAL, clock=lambda: at)
    Dispatch.objects.update(sent_at=None, claimed_at=None)
    send_due(lane=Lane.TRANSACTIONAL, clock=lambda: at)

    first, second = sink.taken
    assert first["Message-ID"] == second["Message-ID"]


def test_lines_of_four_thousand_letters_arrive_whole(sink, at):
    post(kind="account-notice", to="fay@example.org", context={"sentence": "х" * 4000}, at=at, subject="Ж" * 300)

    send_due(lane=Lane.TRANSACTIONAL, clock=lambda: at)

    assert "х" * 4000 in sink.taken[0].get_body(("plain",)).get_content()
    assert [subject.strip() for subject in sink.subjects()] == ["Ж" * 200]


@pytest.mark.parametrize("to", ["fay@example.org", "refused@example.org"])
def test_a_code_leaves_the_outbox_with_its_mail(sink, to, at):
    words = {"code": "BCD-FGH", "link": "http://testserver/join/link/x/", "minutes": 15}
    post(kind="code", to=to, context=words, at=at)
    a_mail(to, at)

    send_due(lane=Lane.TRANSACTIONAL, clock=lambda: at)

    code, other = Dispatch.objects.order_by("pk")
    assert (code.text, code.html) == ("", "")
    assert "BCD" not in code.subject
    assert other.text


def test_the_demo_keeps_codes_since_its_outbox_is_where_its_readers_find_them(sink, at, settings):
    settings.MAIL_KEEPS_CODES = True
    post(kind="code", to="fay@example.org", context={"code": "BCD-FGH", "link": "x", "minutes": 15}, at=at)

    send_due(lane=Lane.TRANSACTIONAL, clock=lambda: at)

    assert "BCD-FGH" in Dispatch.objects.get().text
