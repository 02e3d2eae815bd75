"""Mail that goes out through a mail provider's API: a stand-in on loopback, which answers as Postmark does."""

import json
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from broadsheet.mailroom.actions import post
from broadsheet.mailroom.models import Dispatch, Lane
from broadsheet.mailroom.provided import PROVIDERS
from broadsheet.mailroom.sending import send_due

pytestmark = pytest.mark.django_db


INACTIVE = (
    "You tried to send to a recipient that has been marked as inactive.\nFound inactive addresses: {}.\n"
    "Inactive recipients are ones that have generated a hard bounce, a spam complaint, or a manual suppression."
)


class Postmark(BaseHTTPRequestHandler):
    """Takes every mail, but for addresses whose local part says otherwise."""

    def do_POST(self):
        told = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        local = told["To"].partition("@")[0]
        if local == "busy":
            return self.answer(503, {})
        if local == "inactive":
            return self.answer(422, {"ErrorCode": 406, "Message": INACTIVE.format(told["To"])})
        self.server.taken.append((self.headers["X-Postmark-Server-Token"], told))
        return self.answer(200, {"To": told["To"], "MessageID": "x", "ErrorCode": 0, "Message": "OK", "SubmittedAt": "now"})

    def answer(self, status, said):
        body = json.dumps(said).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


@contextmanager
def on_loopback():
    with HTTPServer(("127.0.0.1", 0), Postmark) as server:
        server.taken = []
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield server
        server.shutdown()
        thread.join()


@pytest.fixture
def api(settings):
    with on_loopback() as server:
        settings.EMAIL_BACKEND = PROVIDERS["postmark"].backend
        settings.MAIL_FROM = "The Test Review <post@review.example>"
        told = PROVIDERS["postmark"].told(key="our-token", signing="", secret="")
        settings.ANYMAIL = told | {"POSTMARK_API_URL": f"http://127.0.0.1:{server.server_address[1]}/"}
        yield server


def sent(at, to):
    post(kind="account-notice", to=to, context={"sentence": "Something was changed."}, at=at)
    send_due(lane=Lane.TRANSACTIONAL, at=at)
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


def test_a_provider_that_is_busy_is_asked_again(api, at):
    dispatch = sent(at, "busy@example.org")

    assert (dispatch.failed_at, dispatch.sent_at, dispatch.tries) == (None, None, 1)
    assert "503" in dispatch.trouble
