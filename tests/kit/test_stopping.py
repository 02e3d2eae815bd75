"""A process that is told to end begins nothing more."""

from threading import Event

import pytest
import time_machine

from broadsheet.kit import stopping
from broadsheet.mailroom import tasks as mail
from broadsheet.mailroom.actions import post
from broadsheet.mailroom.models import Dispatch, Lane


@pytest.fixture(autouse=True)
def a_process(monkeypatch):
    """Of its own: the one in which tests run goes on."""
    monkeypatch.setattr(stopping, "_told", Event())


def test_it_goes_on_until_it_is_told_to_end():
    assert not stopping.is_told_to()
    stopping.stop()
    assert stopping.is_told_to()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("lane", "send"), [(Lane.TRANSACTIONAL, lambda: mail.send_mail.func("transactional")), (Lane.BULK, mail.send_bulk.func)]
)
def test_no_mail_is_begun_then(at, mailoutbox, lane, send):
    post(kind="account-notice", to="fay@example.org", context={"sentence": "Something was changed."}, at=at, lane=lane)
    stopping.stop()

    with time_machine.travel(at, tick=False):
        assert send() == 0
    assert Dispatch.objects.get().tries == 0
