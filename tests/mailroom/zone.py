"""A DNS server on loopback, which knows what a test tells it."""

import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import dns.flags
import dns.message
import dns.rcode
import dns.rrset


class Zone(socketserver.ThreadingUDPServer):
    """`records`: name -> type -> values, as a zone file has them. `silent`: it hears and says nothing."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Asked)
        self.records: dict[str, dict[str, list[str]]] = {}
        self.asked: list[str] = []
        self.silent = False

    def add(self, name: str, kind: str, *values: str) -> None:
        self.records.setdefault(name, {})[kind] = list(values)

    @property
    def address(self) -> str:
        return f"127.0.0.1:{self.server_address[1]}"


class Asked(socketserver.BaseRequestHandler):
    def handle(self) -> None:
        raw, back = self.request
        query = dns.message.from_wire(raw)
        (question,) = query.question
        name, kind = question.name.to_text(omit_final_dot=True).lower(), dns.rdatatype.to_text(question.rdtype)
        self.server.asked.append(f"{name} {kind}")
        if self.server.silent:
            return
        answer = dns.message.make_response(query)
        answer.flags |= dns.flags.AA | dns.flags.RA
        known = self.server.records.get(name)
        if known is None:
            answer.set_rcode(dns.rcode.NXDOMAIN)
        elif values := known.get(kind):
            answer.answer.append(dns.rrset.from_text(question.name, 60, "IN", kind, *values))
        back.sendto(answer.to_wire(), self.client_address)


@contextmanager
def on_loopback() -> Iterator[Zone]:
    with Zone() as zone:
        thread = threading.Thread(target=zone.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield zone
        zone.shutdown()
        thread.join()
