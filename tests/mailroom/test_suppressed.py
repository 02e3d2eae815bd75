"""Who is suppressed gets no mail: but the code that somebody waits for."""

import pytest

from broadsheet.mailroom.actions import post
from broadsheet.mailroom.heeding import Why
from broadsheet.mailroom.models import Dispatch, Lane, Return
from broadsheet.mailroom.queries import whys_of
from broadsheet.mailroom.sending import send_due
from broadsheet.mailroom.suppressing import suppress
from broadsheet.membership.actions import joining
from tests.sink import on_loopback

pytestmark = pytest.mark.django_db

FAY = "fay@example.org"
CODE = {"code": "BCD-FGH", "link": "http://testserver/join/link/x/", "minutes": 15}


@pytest.fixture
def sink(settings):
    with on_loopback(settings) as handler:
        yield handler


def a_mail(at, to=FAY, **fields):
    return post(kind="account-notice", to=to, context={"sentence": "Something was changed."}, at=at, **fields)


def send_all(at):
    return sum(send_due(lane=lane, clock=lambda: at) for lane in Lane)


@pytest.mark.parametrize(("why", "gets"), [(Why.HARD, 1), (Why.COMPLAINT, 2), (Why.SOFT, 2)])
def test_codes_go_out_whatever_came_back(sink, why, gets, at):
    suppress(address=FAY, why=why, at=at)
    post(kind="code", to=FAY, context=CODE, at=at)
    a_mail(at)
    a_mail(at, lane=Lane.BULK)

    assert send_all(at) == gets
    assert "BCD" in sink.taken[0].get_body(("plain",)).get_content()
    assert f"suppressed: {why}" in Dispatch.objects.filter(lane=Lane.BULK).get().trouble


def test_a_server_that_knows_nobody_of_the_name_is_a_bounce(sink, at):
    a_mail(at, to="refused@example.org")

    send_all(at)

    assert whys_of(["refused@example.org"]) == {"refused@example.org": {Why.HARD}}
    assert Return.objects.get().words == "550 5.1.1 nobody of this name"


def test_a_server_that_is_busy_is_none(sink, at):
    a_mail(at, to="busy@example.org")

    send_all(at)

    assert not Return.objects.exists()


def test_whoever_types_the_code_has_the_mailbox(at):
    for why in (Why.HARD, Why.COMPLAINT):
        suppress(address=FAY, why=why, at=at)

    joining.confirm_address(FAY, at=at, agreed="")

    assert whys_of([FAY]) == {FAY: {Why.COMPLAINT}}
