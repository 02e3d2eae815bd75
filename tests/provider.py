"""Mail providers' APIs on loopback: each answers as the real one does, and keeps what it takes.

Those that take many letters in one call fill in each reader's own as the real ones do, so that what is kept is what arrives.
"""

import json
import re
import threading
from contextlib import contextmanager
from dataclasses import dataclass
from email.utils import parseaddr
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs

from broadsheet.mailroom.provided import PROVIDERS

MOODS = {"busy": 503, "hurried": 429, "unknown to it": 401, "broken": 500}
INACTIVE = (
    "You tried to send to a recipient that has been marked as inactive.\nFound inactive addresses: {}.\n"
    "Inactive recipients are ones that have generated a hard bounce, a spam complaint, or a manual suppression."
)


@dataclass(frozen=True)
class Arrived:
    """As one reader gets it. `mark`: what notices about it would say."""

    to: str
    subject: str
    headers: dict
    text: str
    html: str
    mark: str


class Api(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self):
        self.server.callers.add(self.client_address)
        self.take(self.rfile.read(int(self.headers["Content-Length"])))

    def answer(self, status, said):
        body = json.dumps(said).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


class Postmark(Api):
    """Takes every mail, but for addresses whose local part says otherwise."""

    name, setting = "postmark", "POSTMARK_API_URL"

    def take(self, body):
        told = json.loads(body)
        self.server.shown.append(parseaddr(told["From"])[0])
        local = told["To"].partition("@")[0]
        if local == "busy":
            return self.answer(503, {})
        if local == "inactive":
            return self.answer(422, {"ErrorCode": 406, "Message": INACTIVE.format(told["To"])})
        self.server.taken.append((self.headers["X-Postmark-Server-Token"], told))
        return self.answer(200, {"To": told["To"], "MessageID": "x", "ErrorCode": 0, "Message": "OK", "SubmittedAt": "now"})


class TakesMany(Api):
    """One letter or many a call. No letter of a call is taken that holds an address whose local part is `nobody`; while it is
    `busy`, `hurried`, `broken`, or we are `unknown to it`, it takes none at all, and once it is `gone` it hangs up without an
    answer."""

    def take(self, body):
        told = self.read(body)
        self.server.calls.append(sorted(self.receivers(told)))
        self.server.shown.append(self.sender(told))
        if self.server.mood == "gone":
            self.close_connection = True
        elif self.server.mood in MOODS:
            self.answer(MOODS[self.server.mood], {})
        elif any(to.startswith("nobody@") for to in self.receivers(told)):
            self.answer(400, {"message": "to parameter is not a valid address"})
        else:
            self.server.taken += [self.arrived(told, to) for to in self.receivers(told)]
            self.answer(200, self.said(told))

    def read(self, body):
        return json.loads(body)


class Mailgun(TakesMany):
    name, setting = "mailgun", "MAILGUN_API_URL"

    def read(self, body):
        return parse_qs(body.decode())

    def receivers(self, told):
        return told["to"]

    def sender(self, told):
        return parseaddr(told["from"][0])[0]

    def arrived(self, told, to):
        (own,) = told.get("recipient-variables", ["{}"])
        values = json.loads(own).get(to, {})

        def filled(text):
            return re.sub(r"%recipient\.([^%]+)%", lambda found: values[found[1]], text) if values else text

        said = {name: filled(value) for name, (value, *_) in told.items() if name != "recipient-variables"}
        headers = {name.removeprefix("h:"): value for name, value in said.items() if name.startswith("h:")}
        return Arrived(to, said["subject"], headers, said["text"], said["html"], said["v:mark"])

    def said(self, told):
        return {"id": "<x@review.example>", "message": "Queued. Thank you."}


class SparkPost(TakesMany):
    """In a `wary` mood it answers that it will send none of them."""

    name, setting = "sparkpost", "SPARKPOST_API_URL"

    def receivers(self, told):
        return [receiver["address"]["email"] for receiver in told["recipients"]]

    def sender(self, told):
        return parseaddr(told["content"]["from"])[0]

    def arrived(self, told, to):
        (receiver,) = [each for each in told["recipients"] if each["address"]["email"] == to]
        assert receiver["address"]["header_to"] == to
        values, content = receiver.get("substitution_data", told.get("substitution_data")), told["content"]

        def filled(text):
            return re.sub(r"\{\{(\w+)\}\}", lambda found: values[found[1]], text)

        headers = {name: filled(value) for name, value in content["headers"].items()}
        mark = (receiver.get("metadata") or told["metadata"])["mark"]
        return Arrived(to, filled(content["subject"]), headers, filled(content["text"]), filled(content["html"]), mark)

    def said(self, told):
        everybody = len(told["recipients"])
        refused = everybody if self.server.mood == "wary" else 0
        return {"results": {"id": "1", "total_accepted_recipients": everybody - refused, "total_rejected_recipients": refused}}


class Brevo(TakesMany):
    """Whose headers for one reader stand in the stead of all others."""

    name, setting = "brevo", "BREVO_API_URL"

    def receivers(self, told):
        return [to["email"] for each in told.get("messageVersions", [told]) for to in each["to"]]

    def sender(self, told):
        return told["sender"]["name"]

    def arrived(self, told, to):
        (version,) = [each for each in told.get("messageVersions", [told]) if each["to"] == [{"email": to}]]
        values, headers = version["params"], version["headers"]

        def filled(text):
            return re.sub(r"\{\{params\.(\w+)\}\}", lambda found: values[found[1]], text)

        mark = json.loads(headers["X-Mailin-custom"])["mark"]
        return Arrived(to, filled(told["subject"]), headers, filled(told["textContent"]), filled(told["htmlContent"]), mark)

    def said(self, told):
        return {"messageIds": ["x" for _ in self.receivers(told)]}


@contextmanager
def on_loopback(settings, api=Postmark):
    """Where all mail goes meanwhile."""
    with ThreadingHTTPServer(("127.0.0.1", 0), api) as server:
        server.taken, server.callers, server.calls, server.shown, server.mood = [], set(), [], [], ""
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        settings.EMAIL_BACKEND = PROVIDERS[api.name].backend
        settings.MAIL_FROM = "The Test Review <post@review.example>"
        told = PROVIDERS[api.name].told(key="our-token", signing="", secret="")
        settings.ANYMAIL = told | {api.setting: f"http://127.0.0.1:{server.server_address[1]}/"}
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()
