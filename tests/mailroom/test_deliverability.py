"""Whether receivers believe us: asked of a DNS on loopback, said in words, with the record that mends it."""

from dataclasses import replace

import pytest

from broadsheet.mailroom import spf
from broadsheet.mailroom.deliverability import Sender, State, lines
from broadsheet.mailroom.dkim import Record, keys_from, new_key, record_of
from broadsheet.mailroom.names import Names, Silent, is_nameserver, resolver_of
from broadsheet.mailroom.spf import Verdict
from tests.mailroom import zone as dns

ADDRESS, HOST, DOMAIN = "192.0.2.10", "mail.review.example", "review.example"
KEY = keys_from(new_key("ed25519"), selectors=["broadsheet"], domain=DOMAIN)[0]
OURS = Sender(domain=DOMAIN, returns=DOMAIN, signs=(record_of(KEY),), leaves_from=(ADDRESS,), host=HOST)


def quoted(text):
    """As a zone file has it: in pieces of at most 255 signs."""
    return " ".join(f'"{text[start : start + 250]}"' for start in range(0, len(text), 250))


@pytest.fixture
def zone():
    with dns.on_loopback() as zone:
        zone.add(DOMAIN, "TXT", '"google-site-verification=x"', quoted(f"v=spf1 ip4:{ADDRESS} -all"))
        zone.add(DOMAIN, "MX", f"10 {HOST}.")
        zone.add(HOST, "A", ADDRESS)
        zone.add("10.2.0.192.in-addr.arpa", "PTR", f"{HOST}.")
        zone.add(f"_dmarc.{DOMAIN}", "TXT", '"v=DMARC1; p=quarantine; rua=mailto:post@review.example"')
        zone.add(record_of(KEY).name, "TXT", quoted(record_of(KEY).value))
        yield zone


def names(zone, seconds=8.0):
    return Names(resolver_of((zone.address,)), seconds=seconds)


def found(zone, of, sender=OURS):
    (line,) = [line for line in lines(sender, names(zone)) if line.of == of]
    return line


def test_where_all_is_well_nothing_is_to_be_added(zone):
    told = lines(OURS, names(zone))

    assert [(line.of, line.state) for line in told] == [(of, State.FOUND) for of in ("SPF", "DKIM", "DMARC", "PTR", "MX")]
    assert not [line for line in told if line.add]


@pytest.mark.parametrize(
    ("of", "gone", "add"),
    [
        ("SPF", (DOMAIN, "TXT"), Record(DOMAIN, f"v=spf1 ip4:{ADDRESS} -all")),
        ("DKIM", (record_of(KEY).name, "TXT"), record_of(KEY)),
        ("DMARC", (f"_dmarc.{DOMAIN}", "TXT"), Record(f"_dmarc.{DOMAIN}", f"v=DMARC1; p=none; rua=mailto:postmaster@{DOMAIN}")),
        ("PTR", ("10.2.0.192.in-addr.arpa", "PTR"), None),
        ("MX", (DOMAIN, "MX"), Record(DOMAIN, f"MX 10 mail.{DOMAIN}.")),
    ],
)
def test_what_is_missing_is_said_with_the_record_to_add(zone, of, gone, add):
    name, kind = gone
    del zone.records[name][kind]

    line = found(zone, of)

    assert (line.state, line.add) == (State.MISSING, add)


@pytest.mark.parametrize(
    ("of", "name", "kind", "values", "says"),
    [
        ("SPF", DOMAIN, "TXT", ['"v=spf1 -all"', '"v=spf1 mx -all"'], "2 SPF records"),
        ("SPF", DOMAIN, "TXT", ['"v=spf1 ip4:192.0.2.11 -all"'], f"{ADDRESS} is not among"),
        ("SPF", DOMAIN, "TXT", ['"v=spf1 include:nobody.example -all"'], "no SPF record"),
        ("DKIM", "broadsheet._domainkey.review.example", "TXT", ['"v=DKIM1; k=ed25519; p=AAAA"'], "another key"),
        ("DKIM", "broadsheet._domainkey.review.example", "TXT", ['"v=DKIM1; p=AAAA"', '"v=DKIM1; p=BBBB"'], "2 keys"),
        ("DMARC", f"_dmarc.{DOMAIN}", "TXT", ['"v=DMARC1; rua=mailto:a@b.example"'], "p=nothing"),
        ("DMARC", f"_dmarc.{DOMAIN}", "TXT", ['"v=DMARC1; p=none"', '"v=DMARC1; p=reject"'], "2 records"),
        ("PTR", HOST, "A", ["192.0.2.99"], "leads elsewhere"),
        ("MX", DOMAIN, "MX", ["0 ."], "takes no mail"),
        ("MX", DOMAIN, "MX", ["10 nowhere.example."], "has no address"),
    ],
)
def test_what_is_broken_is_said_in_words(zone, of, name, kind, values, says):
    zone.add(name, kind, *values)

    line = found(zone, of)

    assert line.state is State.BROKEN
    assert says in line.says


def test_an_address_that_spf_forgot_is_put_into_the_record_that_is_there(zone):
    zone.add(DOMAIN, "TXT", '"v=spf1 include:_spf.other.example ~all"')
    zone.add("_spf.other.example", "TXT", '"v=spf1 ip4:198.51.100.0/24 -all"')

    assert found(zone, "SPF").add == Record(DOMAIN, f"v=spf1 ip4:{ADDRESS} include:_spf.other.example ~all")


@pytest.mark.parametrize(
    ("record", "address", "verdict"),
    [
        ("v=spf1 ip4:192.0.2.0/24 -all", ADDRESS, Verdict.PASS),
        ("v=spf1 ip4:192.0.2.10 -all", "192.0.2.11", Verdict.FAIL),
        ("v=spf1 ip4:192.0.2.10 ~all", "192.0.2.11", Verdict.SOFT_FAIL),
        ("v=spf1 ip4:192.0.2.10", "192.0.2.11", Verdict.NEUTRAL),
        ("v=spf1 ip6:2001:db8::/32 -all", "2001:db8::25", Verdict.PASS),
        ("v=spf1 mx:review.example -all", ADDRESS, Verdict.PASS),
        ("v=spf1 mx -all", ADDRESS, Verdict.FAIL),
        ("v=spf1 a:mail.review.example -all", ADDRESS, Verdict.PASS),
        ("v=spf1 a:mail.review.example/24 -all", "192.0.2.77", Verdict.PASS),
        ("v=spf1 a -all", ADDRESS, Verdict.FAIL),
        ("v=spf1 -ip4:192.0.2.10 +all", ADDRESS, Verdict.FAIL),
        ("v=spf1 include:inner.example -all", ADDRESS, Verdict.PASS),
        ("v=spf1 redirect=inner.example", ADDRESS, Verdict.PASS),
        ("V=SPF1 IP4:192.0.2.10 -ALL", ADDRESS, Verdict.PASS),
        ("v=spf1 exists:%{i}.list.example -all", ADDRESS, Verdict.UNTOLD),
        ("v=spf1 ip4:192.0.2.10 exists:%{i}.list.example -all", ADDRESS, Verdict.PASS),
        ("v=spf1 ip4:nonsense a:mail.review.example -all", ADDRESS, Verdict.PASS),
    ],
)
def test_spf_as_far_as_a_publisher_s_record_goes(zone, record, address, verdict):
    zone.add("other.example", "TXT", quoted(record))
    zone.add("inner.example", "TXT", '"v=spf1 ip4:192.0.2.10 -all"')

    assert spf.verdict("other.example", address, names(zone)) is verdict


def test_a_record_that_leads_in_circles_ends(zone):
    zone.add("round.example", "TXT", '"v=spf1 include:round.example -all"')

    with pytest.raises(spf.BrokenRecord, match="more than 10"):
        spf.verdict("round.example", ADDRESS, names(zone))


def test_a_domain_below_goes_by_the_dmarc_record_above_it(zone):
    below = replace(OURS, domain=f"mail.news.{DOMAIN}")

    assert found(zone, "DMARC", below).state is State.FOUND


def test_nothing_signed_says_how_to_begin(zone):
    assert "dkim_key" in found(zone, "DKIM", replace(OURS, signs=())).says


def test_of_a_provider_only_what_is_ours_is_asked(zone):
    told = lines(replace(OURS, provider="postmark"), names(zone))

    assert [(line.of, line.state) for line in told[1:]] == [("DMARC", State.FOUND), ("MX", State.FOUND)]
    assert "postmark" in told[0].says


def test_a_sender_that_is_no_domain_asks_nobody(zone):
    (line,) = lines(replace(OURS, domain="localhost"), names(zone))

    assert (line.state, zone.asked) == (State.BROKEN, [])


def test_private_addresses_of_a_host_are_not_where_mail_leaves(zone):
    zone.add("inside.example", "A", "10.0.0.7")

    assert found(zone, "PTR", replace(OURS, leaves_from=(), host="inside.example")).state is State.UNKNOWN


def test_silence_is_told_from_nothing_and_does_not_last(zone):
    zone.silent = True

    told = lines(OURS, names(zone, seconds=0.3))

    assert {line.state for line in told} == {State.UNKNOWN}
    assert len(zone.asked) <= 2


def test_a_question_is_asked_once(zone):
    asked = names(zone)
    for _ in range(3):
        asked.txt(DOMAIN)

    assert zone.asked == [f"{DOMAIN} TXT"]


def test_a_server_that_fails_is_silent():
    with pytest.raises(Silent):
        Names(resolver_of(("127.0.0.1:1",)), seconds=0.3).txt(DOMAIN)


@pytest.mark.parametrize(
    ("written", "good"),
    [
        ("9.9.9.9", True),
        ("127.0.0.1:5353", True),
        ("2001:db8::1", True),
        ("[2001:db8::1]:5353", True),
        ("dns.example", False),
        ("9.9.9.9:x", False),
    ],
)
def test_how_a_name_server_is_written(written, good):
    assert is_nameserver(written) is good
