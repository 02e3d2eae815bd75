"""A small IMAP server on loopback: one mailbox, as much of RFC 3501 as reading it takes."""

import re
import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager


class Box(socketserver.ThreadingTCPServer):
    """`mails`: number -> what it says; `flags`: number -> its flags."""

    allow_reuse_address = daemon_threads = True

    def __init__(self, user: str, password: str) -> None:
        super().__init__(("127.0.0.1", 0), Session)
        self.login, self.mails, self.flags = (user, password), {}, {}

    def put(self, raw: bytes) -> None:
        number = len(self.flags) + 1
        self.mails[number], self.flags[number] = raw, set()

    def left(self) -> list[bytes]:
        return list(self.mails.values())


class Session(socketserver.StreamRequestHandler):
    def say(self, line: str) -> None:
        self.wfile.write(f"{line}\r\n".encode())

    def handle(self) -> None:
        self.say("* OK ready")
        while line := self.rfile.readline():
            tag, _, said = line.decode().strip().partition(" ")
            verb, _, rest = said.partition(" ")
            done = getattr(self, f"do_{verb.lower()}")(rest)
            self.say(f"{tag} {done or 'OK done'}")

    def do_capability(self, rest: str) -> None:
        self.say("* CAPABILITY IMAP4rev1")

    def do_login(self, rest: str) -> str | None:
        given = tuple(part.strip('"') for part in rest.split(" ", 1))
        return None if given == self.server.login else "NO [AUTHENTICATIONFAILED] who are you?"

    def do_select(self, rest: str) -> str | None:
        if rest.strip('"') != "INBOX":
            return "NO no such mailbox"
        self.say(f"* {len(self.server.mails)} EXISTS")
        return "OK [READ-WRITE] done"

    def do_uid(self, rest: str) -> None:
        verb, _, more = rest.partition(" ")
        if verb == "SEARCH":
            unseen = [str(number) for number in self.server.mails if "\\Seen" not in self.server.flags[number]]
            self.say(f"* SEARCH {' '.join(unseen)}")
            return
        number = int(more.partition(" ")[0])
        if verb == "STORE":
            self.server.flags[number] |= set(re.findall(r"\\\w+", more))
            return
        raw = self.server.mails[number]
        self.wfile.write(f"* {number} FETCH (UID {number} BODY[]<0> {{{len(raw)}}}\r\n".encode() + raw + b")\r\n")

    def do_expunge(self, rest: str) -> None:
        for number in [number for number in self.server.mails if "\\Deleted" in self.server.flags[number]]:
            del self.server.mails[number]

    def do_logout(self, rest: str) -> None:
        self.say("* BYE")


@contextmanager
def on_loopback(user: str = "returns@review.example", password: str = "p/w d") -> Iterator[Box]:
    with Box(user, password) as box:
        thread = threading.Thread(target=box.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield box
        box.shutdown()
        thread.join()
