"""Where a fetch may go, before and after a name is resolved."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from broadsheet.wire.reach import OutOfReach, check_machines, check_port, is_public, place_of

WITHIN = [
    "0.0.0.0",
    "10.0.0.1",
    "100.64.0.1",
    "100.100.100.200",
    "127.0.0.1",
    "127.255.255.254",
    "168.63.129.16",
    "169.254.169.254",
    "172.16.0.1",
    "172.31.255.255",
    "192.0.0.192",
    "192.0.2.1",
    "192.88.99.1",
    "192.168.1.1",
    "198.18.0.1",
    "203.0.113.1",
    "224.0.0.1",
    "239.255.255.250",
    "240.0.0.1",
    "255.255.255.255",
    "::",
    "::1",
    "::127.0.0.1",
    "::ffff:127.0.0.1",
    "::ffff:169.254.169.254",
    "::ffff:0:127.0.0.1",
    "64:ff9b::7f00:1",
    "64:ff9b::a9fe:a9fe",
    "64:ff9b:1::1",
    "100::1",
    "2001::1",
    "2001:db8::1",
    "2002:7f00:1::1",
    "2002:a9fe:a9fe::",
    "3fff::1",
    "5f00::1",
    "fc00::1",
    "fd00:ec2::254",
    "fe80::1",
    "fe80::1%eth0",
    "2606:4700::1%eth0",
    "fec0::1",
    "ff02::1",
    "2130706433",
    "localhost",
    "",
]
OUTSIDE = [
    "1.1.1.1",
    "93.184.216.34",
    "172.32.0.1",
    "100.128.0.1",
    "2606:4700::1",
    "::ffff:1.1.1.1",
    "64:ff9b::101:101",
    "2002:101:101::1",
]


@pytest.mark.parametrize("machine", WITHIN)
def test_a_machine_within_is_nobodys_to_ask(machine):
    assert not is_public(machine)


@pytest.mark.parametrize("machine", OUTSIDE)
def test_a_machine_outside_is_anybodys_to_ask(machine):
    assert is_public(machine)


@pytest.mark.parametrize("machines", [[], ["1.1.1.1", "10.0.0.1"], ["::1"]])
def test_one_machine_within_is_enough_to_refuse_a_name(machines):
    with pytest.raises(OutOfReach, match=r"^courier\.example leads into a private network"):
        check_machines(place_of("https://courier.example/"), machines)


@pytest.mark.parametrize(
    ("address", "canonical"),
    [
        ("https://Courier.Example", "https://courier.example/"),
        (" http://courier.example:80/a b?c=d e#f ", "http://courier.example/a%20b?c=d%20e"),
        ("https://courier.example.:8443/%7Ea", "https://courier.example:8443/%7Ea"),
        ("https://kürier.example/ä?ö", "https://xn--krier-kva.example/%C3%A4?%C3%B6"),
        ("http://[2606:4700::1]/feed", "http://[2606:4700::1]/feed"),
        ("http://[::FFFF:127.0.0.1]/", "http://[::ffff:7f00:1]/"),
        ("http://2130706433/", "http://2130706433/"),
        ("http://0x7f.1/", "http://0x7f.1/"),
        ("https://courier.example/a\nb", "https://courier.example/ab"),
    ],
)
def test_an_address_is_read_once_for_all(address, canonical):
    assert place_of(address).address == canonical
    assert place_of(canonical).address == canonical


@pytest.mark.parametrize(
    "address",
    [
        "",
        "courier.example",
        "file:///etc/hosts",
        "gopher://courier.example/",
        "ftp://courier.example/",
        "javascript:alert(1)",
        "data:text/xml,<rss/>",
        "http://",
        "http:///feed",
        "http://courier.example:port/",
        "http://courier.example:99999/",
        "http://user@courier.example/",
        "http://user:pass@courier.example/",
        "http://@courier.example/",
        "http://courier.example\\@127.0.0.1/",
        "http://127.0.0.1\\.courier.example/",
        "http://courier.example/\x00",
        "http://[::1",
        "http://[fe80::1%25eth0]/",
        "http://[courier]/",
        "http://cour ier.example/",
        "http://courier.example%2f@127.0.0.1/",
        "http://-courier.example/",
        "http://\u2024\u2024/",
        "http://" + "a." * 200 + "example/",
        "https://courier.example/" + "a" * 2_000,
    ],
)
def test_what_is_no_address_of_the_web_is_refused(address):
    with pytest.raises(OutOfReach):
        place_of(address)


@pytest.mark.parametrize(
    ("location", "address"),
    [
        ("/new", "https://courier.example/new"),
        ("new?a=b", "https://courier.example/feeds/new?a=b"),
        ("//other.example/", "https://other.example/"),
        ("http://10.0.0.1/", "http://10.0.0.1/"),
    ],
)
def test_a_redirect_is_read_from_where_it_stands(location, address):
    assert place_of(location, base="https://courier.example/feeds/old").address == address


@pytest.mark.parametrize("port", [0, 22, 25, 3306, 5432, 6379, 9200, 11211])
def test_ports_of_other_trades_are_refused(port):
    with pytest.raises(OutOfReach, match=f"Port {port} is not fetched from"):
        check_port(place_of(f"http://courier.example:{port}/"))


@given(st.ip_addresses(v=4))
def test_an_address_of_ipv4_stays_what_it_is_in_the_words_of_ipv6(ip):
    spelt = (f"::ffff:{ip}", f"64:ff9b::{ip}", f"2002:{int(ip) >> 16:x}:{int(ip) & 0xFFFF:x}::1")

    assert {is_public(each) for each in spelt} == {is_public(str(ip))}


@given(st.text(max_size=60))
def test_any_text_is_an_address_or_refused(text):
    try:
        place = place_of(f"http://{text}")
    except OutOfReach:
        return
    assert place_of(place.address) == place
