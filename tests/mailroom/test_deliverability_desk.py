"""Deliverability on the desk: what the DNS says, what came back, who is stopped; and who may let an address be written to."""

from datetime import timedelta
from hashlib import sha256

import pytest
from selectolax.lexbor import LexborHTMLParser
from wagtail.models import ModelLogEntry

from broadsheet.mailroom import marks, standing
from broadsheet.mailroom.heeding import Why
from broadsheet.mailroom.models import Return
from broadsheet.mailroom.queries import whys_of
from broadsheet.mailroom.standing import BOUNCES, COMPLAINTS, Health, Rate
from broadsheet.mailroom.status import Kind
from broadsheet.mailroom.suppressing import suppress
from tests import cast
from tests.mailroom import zone as dns

pytestmark = pytest.mark.django_db
PAGE, FAY = "/admin/deliverability/", "fay@example.org"


@pytest.fixture
def desk(at):
    return cast.log_in(cast.petra(at))


def shown(answer):
    return LexborHTMLParser(answer.content.decode()).css_first("main")


def came(kind, at, count=1, **fields):
    for number in range(count):
        Return.objects.create(
            key=sha256(f"{kind}{at}{number}{fields}".encode()).hexdigest(),
            kind=kind,
            address=f"r{number}@example.org",
            came_at=at,
            **fields,
        )


def test_the_page_says_what_the_dns_says(desk, settings):
    settings.MAIL_FROM = "The Review <post@review.example>"
    with dns.on_loopback() as zone:
        zone.add("review.example", "MX", "10 mail.review.example.")
        zone.add("mail.review.example", "A", "192.0.2.1")
        settings.NAMESERVERS, settings.MAIL_LEAVES_FROM = (zone.address,), ("192.0.2.1",)
        page = shown(desk.get(PAGE))

    said = {row.css_first("th").text(): row.css("td")[0].text() for row in page.css("section[aria-labelledby=dns] tbody tr")}
    assert said == {"SPF": "missing", "DKIM": "missing", "DMARC": "missing", "PTR": "missing", "MX": "found"}
    assert "v=spf1 ip4:192.0.2.1 -all" in page.css_first("pre").text()


def test_without_a_domain_the_page_asks_nobody(desk):
    assert "BROADSHEET_MAIL_FROM" in shown(desk.get(PAGE)).text()


@pytest.mark.parametrize(
    ("bound", "count", "health"),
    [
        (COMPLAINTS, 0, Health.GOOD),
        (COMPLAINTS, 9, Health.GOOD),
        (COMPLAINTS, 10, Health.WATCH),
        (COMPLAINTS, 30, Health.BAD),
        (BOUNCES, 99, Health.GOOD),
        (BOUNCES, 100, Health.WATCH),
        (BOUNCES, 200, Health.BAD),
    ],
)
def test_rates_are_held_against_what_large_providers_bear(bound, count, health):
    assert Rate(count, 10_000, bound).health is health


def test_of_few_mails_a_rate_says_nothing():
    assert Rate(1, 99, COMPLAINTS).health is Health.TOO_FEW


def test_figures_count_thirty_days_and_only_what_was_believed(at):
    take_off = marks.register_marks(
        marks.Deliveries(
            posted=lambda number: None,
            returned=lambda number, at: None,
            leave=lambda number, at: None,
            sent_between=lambda since, until: 5000,
        )
    )
    came(Kind.HARD, at, 3)
    came(Kind.HARD, at - timedelta(days=31), 2)
    came(Kind.COMPLAINT, at, 2)
    came(Kind.SOFT, at, 4)
    came(Kind.HARD, at, 7, doubt="forged")
    suppress(address=FAY, why=Why.HARD, at=at)

    figures = standing.figures(at=at)
    take_off()

    assert (figures.sent, figures.bounces.count, figures.complaints.count, figures.soft) == (5000, 3, 2, 4)
    assert (figures.doubted, figures.waiting, figures.stopped[Why.HARD]) == (7, 4, 1)


def test_an_address_is_looked_up_and_not_listed(desk, at):
    suppress(address=FAY, why=Why.COMPLAINT, at=at)

    asked, other = (
        shown(desk.post(PAGE, {"address": address, "act": "look"})) for address in ("FAY@example.org", "gus@example.org")
    )

    assert "called our mail spam, since 2 March 2026" in asked.css_first(".deliverability-asked").text()
    assert "is not stopped" in other.css_first(".deliverability-asked").text()
    assert "fay" not in shown(desk.get(PAGE)).text().lower()


def test_whoever_may_stops_an_address_and_lets_it_be_written_to_again(desk):
    desk.post(PAGE, {"address": FAY, "act": "stop"})
    assert whys_of([FAY]) == {FAY: {Why.DESK}}

    desk.post(PAGE, {"address": FAY, "act": "lift"})
    assert not whys_of([FAY])
    assert {entry.user.email for entry in ModelLogEntry.objects.all()} == {"petra@example.org"}
    assert not [entry for entry in ModelLogEntry.objects.all() if "fay" in str(entry.label).lower()]


def test_what_is_no_address_is_said_so(desk):
    answer = desk.post(PAGE, {"address": "fay", "act": "stop"})

    assert answer.status_code == 422
    assert "valid e" in shown(answer).css_first("[role=alert]").text()


def test_what_came_back_last_is_shown_without_its_doubts_being_hidden(desk, at):
    came(Kind.HARD, at, doubt="forged", words="550 <script>alert(1)</script>")

    answer = desk.get(PAGE)

    assert "not believed: forged" in shown(answer).text()
    assert "<script>alert" not in answer.content.decode()


def test_the_demo_asks_nobody(desk, settings):
    settings.DEMO = True

    assert "The demo sends no mail" in shown(desk.get(PAGE)).text()


def test_editors_and_readers_see_none_of_it(at):
    assert cast.log_in(cast.edda(at)).get(PAGE).status_code in {302, 403}
    assert cast.log_in(cast.fay(at)).post(PAGE, {"address": FAY, "act": "stop"}).status_code in {302, 403}
    assert not whys_of([FAY])
