"""A mail provider's API on loopback, which answers as Postmark does and keeps what it takes."""

import json
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from broadsheet.mailroom.provided import PROVIDERS

INACTIVE = (
    "You tried to send to a recipient that has been marked as inactive.\nFound inactive addresses: {}.\n"
    "Inactive recipients are ones that have generated a hard bounce, a spam complaint, or a manual suppression."
)


class Postmark(BaseHTTPRequestHandler):
    """Takes every mail, but for addresses whose local part says otherwise."""

    protocol_version = "HTTP/1.1"

    def do_POST(self):
        told = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        local = told["To"].partition("@")[0]
        if local == "busy":
            return self.answer(503, {})
        if local == "inactive":
            return self.answer(422, {"ErrorCode": 406, "Message": INACTIVE.format(told["To"])})
        self.server.callers.add(self.client_address)
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
def on_loopback(settings):
    """Where all mail goes meanwhile."""
    with ThreadingHTTPServer(("127.0.0.1", 0), Postmark) as server:
        server.taken, server.callers = [], set()
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        settings.EMAIL_BACKEND = PROVIDERS["postmark"].backend
        settings.MAIL_FROM = "The Test Review <post@review.example>"
        told = PROVIDERS["postmark"].told(key="our-token", signing="", secret="")
        settings.ANYMAIL = told | {"POSTMARK_API_URL": f"http://127.0.0.1:{server.server_address[1]}/"}
        yield server
        server.shutdown()
        thread.join()
