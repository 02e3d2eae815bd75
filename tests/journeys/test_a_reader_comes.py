"""Journey B: from a search engine to the wall, through it with one field, to the end of the month, and back in the next."""

import json
import re
from datetime import UTC, datetime
from urllib.parse import unquote

from django.core import mail

from broadsheet.config.demo.members import CAMPUS_ADDRESS
from broadsheet.mailroom.models import Dispatch
from broadsheet.membership.actions import fold_readings
from broadsheet.membership.models import Consent, Reading
from tests.journeys.conftest import PAID
from tests.leaks.door import Answer, Browser

CODE = re.compile(r"\b([B-Z]{3}-[B-Z]{3})\b")
FROM_A_SEARCH = {"HTTP_REFERER": "https://www.google.com/"}


def note(browser: Browser) -> dict:
    """What the page's script is told."""
    return dict(json.loads(unquote(browser.cookies["reader"])))


def way_back(wall: Answer) -> str:
    """What the wall's form sends along."""
    found = re.search(r'name="next" value="([^"]+)"', wall.text)
    assert found
    return found[1]


def reads(browser: Browser, path: str) -> bool:
    return PAID in browser.get(path).text


def test_a_reader_meets_the_wall_registers_reads_three_and_comes_back_next_month(visitor, house, briefings, frozen):
    landed, *others = briefings
    wall = visitor.get(landed, **FROM_A_SEARCH)
    assert wall.status == 200
    assert PAID not in wall.text
    assert 'name="email"' in wall.text

    sent = visitor.post("/join/", {"email": "New.Reader@example.org", "next": way_back(wall)})
    assert (sent.status, sent["Location"]) == (303, f"{landed}#continue")
    assert reads(visitor, landed)  # before any code
    assert not reads(visitor, others[0])
    assert note(visitor)["state"] == "first"
    assert "session" not in visitor.cookies

    house.settle()
    (posted,) = mail.outbox
    assert posted.to == ["new.reader@example.org"]
    code = CODE.search(str(posted.body))
    assert code
    assert code[1] not in Dispatch.objects.get().text  # it lies nowhere once it is mailed
    confirmed = visitor.post("/join/code/", {"code": code[1].lower(), "next": landed})
    assert (confirmed.status, confirmed["Location"]) == (303, f"{landed}#continue")
    assert reads(visitor, landed)
    assert note(visitor)["left"] == 3  # the first was not counted
    assert Consent.objects.get().reader.email == "new.reader@example.org"

    house.memory.catch_up()
    assert [reads(visitor, path) for path in others] == [True, True, True, False]
    assert note(visitor)["left"] == 0
    assert reads(visitor, landed)
    assert [reads(visitor, path) for path in others] == [True, True, True, False]  # again, at no cost

    frozen.move_to(datetime(2026, 3, 31, 23, tzinfo=UTC))  # midnight in London
    assert reads(visitor, others[3])
    assert note(visitor)["left"] == 2


def test_every_full_cut_and_every_wall_leaves_a_reading(visitor, house, briefings, tmp_path):
    before = list(Reading.objects.values_list("pk", flat=True))
    visitor.get(briefings[0])
    visitor.post("/join/", {"email": "new.reader@example.org", "next": briefings[0]})
    visitor.get(briefings[0])
    visitor.head(briefings[0])
    house.spool.close()
    fold_readings(tmp_path / "spool")

    left = Reading.objects.exclude(pk__in=before).order_by("pk")
    assert list(left.values_list("reason", flat=True)) == ["register", "first"]


def test_an_institutions_network_reads_everything_and_its_neighbours_nothing(house, briefings):
    ines, neighbour = Browser(house.gate, address=CAMPUS_ADDRESS), Browser(house.gate, address="203.0.112.255")

    assert all(reads(ines, path) for path in briefings)
    assert not any(reads(neighbour, path) for path in briefings)
    assert ines.cookies == {}
    assert house.institutions_read() >= {1}
