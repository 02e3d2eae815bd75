"""What mail providers tell, through Anymail's own views: believed with our secret, and in our words."""

import base64
import hashlib
import hmac
import json
from datetime import UTC, datetime

import pytest
from django.core.mail import get_connection

from broadsheet.mailroom.heeding import Why
from broadsheet.mailroom.models import Return
from broadsheet.mailroom.provided import PROVIDERS
from broadsheet.mailroom.queries import whys_of
from broadsheet.mailroom.status import Kind
from broadsheet.mailroom.suppressing import suppress

pytestmark = pytest.mark.django_db

FAY = "fay@example.org"
SECRET, SIGNING = "review:a long and random one", "key-of-mailgun"


@pytest.fixture
def provider(settings):
    def choose(name):
        settings.MAIL_PROVIDER = name
        settings.ANYMAIL = PROVIDERS[name].told(key="k", signing=SIGNING, secret=SECRET)

    return choose


def tell(client, name, told, secret=SECRET):
    shown = {"HTTP_AUTHORIZATION": f"Basic {base64.b64encode(secret.encode()).decode()}"} if secret else {}
    return client.post(f"/mail/notices/{name}/", json.dumps(told), content_type="application/json", **shown)


def postmark(kind="HardBounce", record="Bounce", **more):
    return {
        "RecordType": record,
        "ID": 692560173,
        "Type": kind,
        "TypeCode": 1,
        "Tag": "daily",
        "MessageID": "2706ee8a-737c-4285-b032-ccd317af53ed",
        "Metadata": {},
        "ServerID": 23,
        "Description": "The server was unable to deliver your message.",
        "Details": "smtp;550 5.1.1 The email account that you tried to reach does not exist.",
        "Email": FAY,
        "From": "post@review.example",
        "BouncedAt": "2026-03-02T07:58:24Z",
        "Subject": "The Daily",
        **more,
    }


def mailgun(event="failed", severity="permanent", key=SIGNING, code=550, message="5.1.1 No such user", token="t" * 50):
    stamp = "1772438304"
    signature = hmac.new(key.encode(), f"{stamp}{token}".encode(), hashlib.sha256).hexdigest()
    return {
        "signature": {"timestamp": stamp, "token": token, "signature": signature},
        "event-data": {
            "event": event,
            "severity": severity,
            "reason": "bounce",
            "id": "G9Bn5sl1TC6nu79C8C0bwg",
            "timestamp": 1772438304.123,
            "recipient": FAY,
            "recipient-domain": "example.org",
            "message": {"headers": {"to": FAY, "message-id": "20260302.1.17@review.example", "from": "post@review.example"}},
            "delivery-status": {"attempt-no": 1, "code": code, "message": message, "description": "", "session-seconds": 0.4},
            "tags": [],
            "user-variables": {},
        },
    }


@pytest.mark.parametrize(
    ("told", "kind", "whys"),
    [
        (postmark(), Kind.HARD, {Why.HARD}),
        (postmark("SoftBounce", Details="smtp;550 user over quota"), Kind.SOFT, set()),
        (postmark("Transient", Details="smtp;451 try later"), Kind.DELAYED, set()),
        (postmark("SpamComplaint", "SpamComplaint", Details=""), Kind.COMPLAINT, {Why.COMPLAINT}),
        (postmark("AutoResponder", Details=""), Kind.AUTO_REPLY, set()),
        (postmark("BadEmailAddress", Details=""), Kind.HARD, {Why.HARD}),
        (postmark("Blocked", Details="smtp;554 5.7.1 blocked by our list"), Kind.SOFT, set()),
        (postmark("HardBounce", Details="smtp;550 5.7.1 message rejected as spam"), Kind.SOFT, set()),
    ],
)
def test_postmark_tells(client, provider, told, kind, whys):
    provider("postmark")

    assert tell(client, "postmark", told).status_code == 200

    row = Return.objects.get()
    assert (row.kind, row.address, row.source, row.doubt) == (kind, FAY, "postmark", "")
    assert whys_of([FAY]).get(FAY, set()) == whys


@pytest.mark.parametrize(
    ("told", "kind", "whys"),
    [
        (mailgun(), Kind.HARD, {Why.HARD}),
        (mailgun(severity="temporary", code=452, message="4.2.2 full"), Kind.DELAYED, set()),
        (mailgun(message="5.2.2 mailbox full"), Kind.SOFT, set()),
        (mailgun(event="complained"), Kind.COMPLAINT, {Why.COMPLAINT}),
        (mailgun(event="unsubscribed"), Kind.ASKED, {Why.ASKED}),
    ],
)
def test_mailgun_tells(client, provider, told, kind, whys):
    provider("mailgun-eu")

    assert tell(client, "mailgun-eu", told).status_code == 200

    assert (Return.objects.get().kind, whys_of([FAY]).get(FAY, set())) == (kind, whys)


@pytest.mark.parametrize(("told", "mark"), [({"mark": "back-1-0"}, "back-1-0"), ({"other": "x"}, "")])
def test_the_mark_that_was_told_with_a_mail_is_kept(client, provider, told, mark):
    provider("postmark")
    tell(client, "postmark", postmark(Metadata=told))

    assert Return.objects.get().mark == mark


def test_told_twice_is_told_once(client, provider):
    provider("mailgun")
    for _ in range(2):
        assert tell(client, "mailgun", mailgun()).status_code == 200

    assert Return.objects.count() == 1


def test_words_of_a_server_are_kept_without_addresses(client, provider):
    provider("postmark")

    tell(client, "postmark", postmark(Details=f"smtp;550 5.1.1 <{FAY}> unknown"))

    row = Return.objects.get()
    assert (row.status, "@" in row.words) == ("5.1.1", False)


def test_what_was_delivered_ends_a_bounce_of_before_it(client, provider):
    provider("postmark")
    delivered = {"RecordType": "Delivery", "Recipient": FAY, "DeliveredAt": "2026-03-02T07:58:24Z", "MessageID": "x"}
    suppress(address=FAY, why=Why.HARD, at=datetime(2026, 3, 1, tzinfo=UTC))

    tell(client, "postmark", delivered)

    assert not whys_of([FAY])


def test_what_was_delivered_before_a_bounce_ends_nothing(client, provider):
    provider("postmark")
    delivered = {"RecordType": "Delivery", "Recipient": FAY, "DeliveredAt": "2026-03-02T07:58:24Z", "MessageID": "x"}
    suppress(address=FAY, why=Why.HARD, at=datetime(2026, 3, 3, tzinfo=UTC))

    tell(client, "postmark", delivered)

    assert whys_of([FAY])


@pytest.mark.parametrize("secret", ["", "review:wrong", "review", "nobody:a long and random one"])
def test_nobody_is_believed_without_our_secret(client, provider, secret):
    provider("postmark")

    assert tell(client, "postmark", postmark(), secret=secret).status_code == 403
    assert not Return.objects.exists()


def test_a_wrong_signature_is_not_believed_either(client, provider):
    provider("mailgun")

    assert tell(client, "mailgun", mailgun(key="another")).status_code == 403
    assert not Return.objects.exists()


def test_without_a_secret_of_ours_there_is_no_door(client, settings):
    settings.MAIL_PROVIDER, settings.ANYMAIL = "postmark", PROVIDERS["postmark"].told(key="k", signing="", secret="")

    assert tell(client, "postmark", postmark()).status_code == 404


@pytest.mark.parametrize("name", ["mailgun", "nobody", "sendgrid"])
def test_a_provider_that_is_not_ours_has_no_door(client, provider, name):
    provider("postmark")

    assert tell(client, name, postmark()).status_code == 404


def test_what_cannot_be_read_is_refused(client, provider):
    provider("postmark")
    shown = {"HTTP_AUTHORIZATION": f"Basic {base64.b64encode(SECRET.encode()).decode()}"}

    assert client.post("/mail/notices/postmark/", b"{", content_type="application/json", **shown).status_code == 400


@pytest.mark.parametrize("name", PROVIDERS)
def test_every_provider_has_a_door_and_a_backend(client, provider, settings, name):
    provider(name)
    settings.EMAIL_BACKEND = PROVIDERS[name].backend

    assert tell(client, name, {}, secret="").status_code == 403
    assert get_connection()
