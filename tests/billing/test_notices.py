"""What Stripe tells us: believed only when signed, kept once, and nothing is done on its word alone."""

import json
import time

import pytest
import stripe
from django_tasks_db.models import DBTaskResult

from broadsheet.billing.models import Notice

pytestmark = pytest.mark.django_db
DOOR = "/billing/notices/"
SECRET, NEXT_SECRET = "whsec_of_a_test", "whsec_of_the_next"


@pytest.fixture(autouse=True)
def configured(settings):
    settings.STRIPE_SECRET_KEY = "sk_test_of_a_test"
    settings.STRIPE_NOTICE_SECRETS = (SECRET, NEXT_SECRET)


def event(name: str = "evt_1", *, kind: str = "customer.subscription.updated", live: bool = False) -> bytes:
    about = {"id": "sub_1", "object": "subscription", "customer": "cus_1", "status": "active"}
    said = {"id": name, "object": "event", "type": kind, "created": 1_772_438_400, "livemode": live, "data": {"object": about}}
    return json.dumps(said).encode()


def signed(body: bytes, *, secret: str = SECRET, ago: int = 0) -> dict[str, str]:
    header = stripe.WebhookSignature.generate_signature_header(body.decode(), secret, timestamp=int(time.time()) - ago)
    return {"HTTP_STRIPE_SIGNATURE": header}


def tell(client, body: bytes, headers: dict[str, str]) -> int:
    return client.post(DOOR, data=body, content_type="application/json", **headers).status_code


@pytest.mark.parametrize("secret", [SECRET, NEXT_SECRET])
def test_a_notice_is_kept_and_its_errand_begun(client, secret):
    body = event()

    assert tell(client, body, signed(body, secret=secret)) == 200

    notice = Notice.objects.get()
    assert (notice.reference, notice.subscription, notice.customer, notice.heeded_at) == ("evt_1", "sub_1", "cus_1", None)
    assert DBTaskResult.objects.filter(task_path__endswith="billing.tasks.heed").count() == 1


@pytest.mark.parametrize(
    "headers",
    [
        pytest.param(lambda body: {}, id="unsigned"),
        pytest.param(lambda body: signed(body, secret="whsec_of_somebody_else"), id="signed by another"),
        pytest.param(lambda body: signed(body, ago=3_600), id="an hour old"),
        pytest.param(lambda body: signed(body + b" "), id="for another body"),
        pytest.param(lambda body: {"HTTP_STRIPE_SIGNATURE": "t=,v1="}, id="torn"),
        pytest.param(lambda body: {"HTTP_STRIPE_SIGNATURE": "\x00" * 5_000}, id="no signature at all"),
    ],
)
def test_what_is_not_signed_changes_nothing(client, headers):
    body = event()

    assert tell(client, body, headers(body)) == 400
    assert not Notice.objects.exists()


def test_the_same_event_signed_anew_is_kept_once_and_begins_one_errand(client):
    body = event()

    assert tell(client, body, signed(body)) == 200
    assert tell(client, body, signed(body, ago=30)) == 200

    assert Notice.objects.count() == 1
    assert DBTaskResult.objects.filter(task_path__endswith="billing.tasks.heed").count() == 1


def test_a_message_that_is_played_again_is_refused(client):
    body = event()
    headers = signed(body)

    assert tell(client, body, headers) == 200
    assert tell(client, body, headers) == 400
    assert Notice.objects.count() == 1


@pytest.mark.parametrize(("key", "secrets"), [("sk_test_of_a_test", ()), ("", (SECRET,))])
def test_without_a_secret_nothing_is_heard(client, settings, key, secrets):
    settings.STRIPE_SECRET_KEY, settings.STRIPE_NOTICE_SECRETS = key, secrets
    body = event()

    assert tell(client, body, signed(body)) == 503
    assert not Notice.objects.exists()


@pytest.mark.parametrize("other", [{"live": True}, {"kind": "product.updated"}])
def test_what_is_of_the_other_mode_or_says_nothing_to_us_begins_no_errand(client, other):
    body = event(**other)

    assert tell(client, body, signed(body)) == 200
    assert Notice.objects.get().heeded_at is not None
    assert not DBTaskResult.objects.filter(task_path__endswith="billing.tasks.heed").exists()


@pytest.mark.parametrize("body", [b"", b"[]", b"null", b'{"id": 3}', b"\xff\xfe", b'{"id":"evt_1","type":"x"}'])
def test_a_signed_body_that_is_no_event_is_refused(client, body):
    try:
        headers = signed(body)
    except UnicodeDecodeError:
        headers = {"HTTP_STRIPE_SIGNATURE": "t=1,v1=x"}

    assert tell(client, body, headers) == 400
    assert not Notice.objects.exists()


def test_the_door_takes_nothing_but_what_is_posted(client):
    assert client.get(DOOR).status_code == 405
