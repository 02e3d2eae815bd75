"""Mail that goes out through a mail provider's API."""

import pytest

from broadsheet.mailroom.actions import post
from broadsheet.mailroom.models import Dispatch, Lane
from broadsheet.mailroom.sending import send_due
from tests.provider import on_loopback

pytestmark = pytest.mark.django_db


@pytest.fixture
def api(settings):
    with on_loopback(settings) as api:
        yield api


def sent(at, to):
    post(kind="account-notice", to=to, context={"sentence": "Something was changed."}, at=at)
    send_due(lane=Lane.TRANSACTIONAL, clock=lambda: at)
    return Dispatch.objects.get()


def test_a_mail_is_handed_over_whole(api, at):
    dispatch = sent(at, "fay@example.org")

    ((token, told),) = api.taken
    assert (dispatch.sent_at, token) == (at, "our-token")
    assert (told["From"], told["To"]) == ("The Test Review <post@review.example>", "fay@example.org")
    assert "Something was changed." in told["TextBody"]
    assert "Message-ID" in {header["Name"] for header in told["Headers"]}


def test_whom_the_provider_refuses_is_given_up_at_once(api, at):
    assert sent(at, "inactive@example.org").failed_at == at


def test_a_provider_that_is_busy_is_asked_again_and_that_is_no_try(api, at):
    dispatch = sent(at, "busy@example.org")

    assert (dispatch.failed_at, dispatch.sent_at, dispatch.claimed_at, dispatch.tries) == (None, None, None, 0)
    assert "503" in dispatch.trouble
