"""How fast an edition leaves, each message its reader's own and signed, against smtplib alone with one fixed message.

`python -m bench.mail [MESSAGES]`. Both send by two processes to Postfix's smtp-sink on loopback, in turns, messages of the same
weight. What sends is handed in (`Sender`): here the mail room's own road, without a database.
"""

import multiprocessing
import os
import random
import resource
import smtplib
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from multiprocessing.synchronize import Barrier

from broadsheet.mailroom import dkim
from broadsheet.mailroom.envelope import Envelope, Franking, Marks, from_header, list_headers
from broadsheet.mailroom.mould import Cast, Mould, place
from broadsheet.mailroom.smtp_lane import Fate, Server, SmtpLane

MESSAGES, SENDERS, TURN = 100_000, 2, 5_000
FROM, RETURNS_TO = "The Review <post@review.example>", "returns@review.example"
AT = datetime(2026, 3, 2, 6, tzinfo=UTC)
SECRET = "the secret of a benchmark known to everybody who reads it"
PLACES = frozenset({"leave", "preferences"})

Sender = Callable[[int, range], None]  # to this port of loopback, to the readers with these numbers; returns when all are taken


@dataclass(frozen=True, slots=True)
class Run:
    """`cpu`: seconds of all senders. `grew`: megabytes that the heaviest one grew by from its first hundredth to its end."""

    seconds: float
    cpu: float
    mb: float
    grew: float


def main(messages: int, sender: "Sender | None" = None) -> None:
    sender = sender or by_the_lane
    turns = max(2, messages // TURN)
    with sink() as port:
        alone, ours = [], []
        for _ in range(turns):
            alone.append(run(alone_by_smtplib, port, messages // turns))
            ours.append(run(sender, port, messages // turns))
    sent = messages // turns * turns
    rates = [sent / sum(each.seconds for each in runs) for runs in (alone, ours)]
    costs = [sum(each.cpu for each in runs) / sent * 1e6 for runs in (alone, ours)]
    print(f"{len(message_for(1)):,} bytes a message; smtplib alone {rates[0]:,.0f} a second, ours {rates[1]:,.0f}.")
    print(f"CPU of a message: smtplib alone {costs[0]:,.0f} µs, ours {costs[1]:,.0f} µs, of which")
    for name, microseconds in parts().items():
        print(f"  {name:9} {microseconds:6,.0f} µs")
    print(f"The heaviest sender grew by {max(each.grew for each in ours):.1f} MB on its way.")
    print(f"FIGURE mail_rate_ratio={rates[1] / rates[0]:.3g}")
    print(f"FIGURE mail_rss_mb={max(each.mb for each in ours):.3g}")


# Both ways


def alone_by_smtplib(port: int, readers: range) -> None:
    message = bytes(message_for(1))
    with smtplib.SMTP("127.0.0.1", port) as smtp:
        for number in readers:
            smtp.sendmail("post@review.example", [address(number)], message)


def by_the_lane(port: int, readers: range) -> None:
    with SmtpLane(Server("127.0.0.1", port)) as lane:
        for number in readers:
            envelope = envelope_for(number)
            outcome = lane.send(sender=envelope.sender, to=envelope.to, message=message_for(number, envelope))
            if outcome.fate is not Fate.ACCEPTED:
                raise SystemExit(f"The sink did not take a message: {outcome}")


def message_for(number: int, envelope: Envelope | None = None) -> Cast:
    return dkim.signed(cast_for(number, envelope or envelope_for(number)), keys())


def cast_for(number: int, envelope: Envelope) -> Cast:
    return mould().cast(envelope.headers, {"leave": link("leave", number), "preferences": link("preferences", number)})


def envelope_for(number: int) -> Envelope:
    return franking().envelope(number, to=address(number), leave=link("leave", number), made_at=AT, at=AT)


def address(number: int) -> str:
    return f"reader-{number}@example{number % 50}.org"


def link(name: str, number: int) -> str:
    return f"https://review.example/newsletters/{name}/{number:x}-0123456789abcdef0123456789a/"


@cache
def franking() -> Franking:
    return Franking(Marks((SECRET,)), mail_from=FROM, returns_to=RETURNS_TO)


@cache
def keys() -> tuple[dkim.Key, ...]:
    return dkim.keys_from(dkim.new_key(), selectors=["bench"], domain="review.example")


@cache
def mould() -> Mould:
    """An edition of twenty articles: about 8 KB of text and 45 KB of HTML."""
    chance = random.Random(20260302)
    words = ["".join(chance.choices("abcdeghilmnoprstuv", k=chance.randint(2, 11))) for _ in range(4_000)]
    articles = [(" ".join(chance.choices(words, k=8)), " ".join(chance.choices(words, k=45))) for _ in range(20)]
    foot = f"Leave: {place('leave')}\nChange what you get: {place('preferences')}\n"
    cell = 'style="font-family:Georgia,serif;font-size:17px;line-height:1.5;color:#1d1d1b;padding:0 24px 12px"'
    rows = [
        f'<tr>\n  <td {cell}><a href="https://review.example/articles/{at}/"><b>{headline}</b></a></td>\n</tr>\n'
        f"<tr>\n  <td {cell}>{standfirst}</td>\n</tr>\n" * 3
        for at, (headline, standfirst) in enumerate(articles)
    ]
    links = f'<tr><td {cell}><a href="{place("leave")}">Leave</a> <a href="{place("preferences")}">Change</a></td></tr>'
    headers = {"From": from_header(FROM), **list_headers(slug="daily", name="The Daily", edition="e1", mail_from=FROM)}
    return Mould(
        subject="The Daily: who pays for the dam — and who drinks from it",
        text="\n\n".join(f"{headline}\n{standfirst}" for headline, standfirst in articles) + f"\n\n{foot}",
        html=f"<!doctype html>\n<html><body><table>\n{''.join(rows)}{links}\n</table></body></html>\n",
        headers=headers,
        places=PLACES,
    )


def parts(count: int = 1_000) -> dict[str, float]:
    """What each part costs by itself, in microseconds of CPU."""
    envelopes = [envelope_for(number) for number in range(1, count + 1)]
    casts = [cast_for(1, envelopes[0])] * count

    def cost(work: Callable[[int], object]) -> float:
        began = time.process_time()
        for at in range(count):
            work(at)
        return (time.process_time() - began) / count * 1e6

    return {
        "envelope": cost(lambda at: envelope_for(at + 1)),
        "mould": cost(lambda at: cast_for(at + 1, envelopes[at])),
        "DKIM": cost(lambda at: dkim.signed(casts[at], keys())),
        "of it RSA": cost(lambda at: dkim.signed(b"From: a\r\n\r\n\r\n", keys())),
    }


# Runs


@contextmanager
def sink() -> Iterator[int]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    program = os.environ.get("SMTP_SINK", "/usr/sbin/smtp-sink")
    whose = ["-u", "nobody"] if os.geteuid() == 0 else []
    process = subprocess.Popen([program, *whose, f"127.0.0.1:{port}", "100"])
    try:
        until = time.monotonic() + 10
        while not _answers(port):
            if process.poll() is not None or time.monotonic() > until:
                raise SystemExit("smtp-sink does not answer.")
            time.sleep(0.05)
        yield port
    finally:
        process.terminate()
        process.wait()


def _answers(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def run(sender: Sender, port: int, messages: int) -> Run:
    """From the moment at which all senders stand ready."""
    context = multiprocessing.get_context("spawn")
    ready = context.Barrier(SENDERS + 1)
    said = context.SimpleQueue()
    share = messages // SENDERS
    processes = [
        context.Process(target=_send, args=(sender, port, range(1 + share * at, 1 + share * (at + 1)), ready, said))
        for at in range(SENDERS)
    ]
    for process in processes:
        process.start()
    ready.wait()
    began = time.monotonic()
    for process in processes:
        process.join()
    taken = time.monotonic() - began
    if any(process.exitcode for process in processes):
        raise SystemExit("A sender failed.")
    told = [said.get() for _ in processes]
    return Run(taken, sum(cpu for cpu, _, _ in told), max(mb for _, mb, _ in told), max(grew for _, _, grew in told))


def _send(sender: Sender, port: int, readers: range, ready: Barrier, said: "multiprocessing.SimpleQueue") -> None:
    message_for(1)
    first = readers[: max(1, len(readers) // 100)]
    ready.wait()
    began = time.process_time()
    sender(port, first)
    early = weight()
    sender(port, readers[len(first) :])
    said.put((time.process_time() - began, weight(), weight() - early))


def weight() -> float:
    """The most that this process has held, in megabytes."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else MESSAGES)
