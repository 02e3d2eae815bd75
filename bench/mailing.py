"""What `bench.mail` and `bench.mail_kills` have done by processes with Django in them.

`python -m bench.with_django bench.mailing found READERS ARTICLES`: an edition is due. `… list`: it is typeset and listed, and one
letter of it written down. `… send`: says that it stands ready, waits for a line, and does what is left, as a worker does.
`… tell`: how it stands.
"""

import json
import random
import resource
import sys
import time
from datetime import timedelta
from pathlib import Path

from django.conf import settings

from bench.prepared import migrate
from broadsheet.access.terms import Cut
from broadsheet.kit import clock
from broadsheet.mailroom.models import PaceRules
from broadsheet.mailroom.mould import Cast
from broadsheet.mailroom.smtp_lane import Fate, Outcome, Server, SmtpLane, Step
from broadsheet.membership.models import Reader, Term
from broadsheet.newsletters import running
from broadsheet.newsletters.actions import going_out
from broadsheet.newsletters.carriers import SmtpCarrier
from broadsheet.newsletters.house_style import typesetter
from broadsheet.newsletters.letters import Letter
from broadsheet.newsletters.links import Whose
from broadsheet.newsletters.models import Delivery, Edition, Item, Newsletter, Signup, Slot
from broadsheet.newsroom.layout import lay_out_the_site
from broadsheet.newsroom.models import Article
from broadsheet.press.actions import press
from tests import make

AT_ONCE = 5_000
DOMAINS = 50
SUBSCRIBED = 4  # one in so many; the others get the free cut
UNHURRIED = 9_999_999  # messages a minute: the pace of mailbox providers is not what is measured


def found(readers: int, articles: int) -> None:
    migrate()
    at = clock.now()
    lay_out_the_site(name="The Bench", at=at)
    PaceRules.objects.create(a_minute=UNHURRIED)
    top, *others = _articles(articles)
    daily = Newsletter.objects.create(name="The Daily", slug="daily", promise="The day.", goes_at=at.time(), rhythm="by-hand")
    edition = Edition.objects.create(newsletter=daily, goes_on=at.date(), due_at=at, opened_at=at - timedelta(days=1))
    for slot, pieces in (("top", [top]), ("articles", others)):
        Slot.objects.create(newsletter=daily, kind=slot, most=articles)
        for order, piece in enumerate(pieces):
            Item.objects.create(edition=edition, slot=slot, sort_order=order, by_hand=True, article=piece)
    for first in range(0, readers, AT_ONCE):
        _sign_up(daily, range(first, min(first + AT_ONCE, readers)))


def list_it() -> None:
    edition = Edition.objects.get()
    going_out.begin(edition, typeset=typesetter(at=clock.now()), at=clock.now())
    began = time.monotonic()
    listed = going_out.list_recipients(edition, at=clock.now())
    seconds = time.monotonic() - began
    (settings.STATE / "letter").write_bytes(_letter(Edition.objects.get()))
    print(json.dumps({"listed": listed, "seconds": seconds}))


def _articles(count: int) -> list[Article]:
    chance = random.Random(20260302)
    words = ["".join(chance.choices("abcdeghilmnoprstuv", k=chance.randint(2, 11))) for _ in range(4_000)]
    made: list[Article] = []
    for _ in range(count):
        headline, standfirst = (" ".join(chance.choices(words, k=length)).capitalize() for length in (8, 30))
        body = [" ".join(chance.choices(words, k=90)) for _ in range(5)]
        made.append(make.article(headline=headline, standfirst=standfirst, body=body, at=clock.now() - timedelta(hours=1)))
        press(made[-1].pk, at=clock.now())
    return made


def _sign_up(daily: Newsletter, numbers: range) -> None:
    at = clock.now() - timedelta(days=1)
    readers = Reader.objects.bulk_create(
        Reader(email=f"reader-{number}@example{number % DOMAINS}.org", password="!", joined_at=at) for number in numbers
    )
    Term.objects.bulk_create(Term(reader=reader, source=Term.Source.COMP, starts_at=at) for reader in readers[::SUBSCRIBED])
    Signup.objects.bulk_create(
        Signup(reader=reader, newsletter=daily, text_shown="x", asked_at=at, confirmed_at=at) for reader in readers
    )


class _Keeping(SmtpLane):
    """Keeps what is handed in instead of sending it."""

    kept = b""

    def send(self, *, sender: str, to: str, message: bytes | Cast) -> Outcome:
        self.kept = bytes(message)
        return Outcome(Fate.ACCEPTED, Step.BODY)


def _letter(edition: Edition) -> bytes:
    row = Delivery.objects.earliest("pk")
    lane = _Keeping(Server("nowhere"))
    carrier = SmtpCarrier(edition, {Cut(cut.cut): cut for cut in edition.cuts.all()}, franking=running.franking(), lane=lane)
    carrier.carry(Letter(row.pk, row.to, Cut.PREVIEW, Whose(1), row.listed_at), at=clock.now())
    return lane.kept


def send() -> None:
    print("ready", flush=True)
    sys.stdin.readline()
    began = time.process_time()
    sent = running.send_editions(state=Path(settings.STATE), clock=clock.now, until=clock.now() + timedelta(days=1))
    mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"sent": sent, "cpu": time.process_time() - began, "mb": mb}), flush=True)


def tell() -> None:
    rows = Delivery.objects.all()
    doubted = list(rows.exclude(doubted_at=None).values_list("to", flat=True))
    done = Edition.objects.exclude(done_at=None).exists()
    print(json.dumps({"sent": rows.exclude(sent_at=None).count(), "doubted": doubted, "done": done}))


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["found", readers, articles]:
            found(int(readers), int(articles))
        case ["list"]:
            list_it()
        case ["send"]:
            send()
        case ["tell"]:
            tell()
