import pytest

from broadsheet.kit.addresses import as_number, client_address, is_among, network_of, range_of

PROXIES = tuple(map(range_of, ("10.0.0.0/8", "2001:db8::1")))


@pytest.mark.parametrize(
    ("peer", "forwarded", "address"),
    [
        ("198.51.100.9", "192.0.2.1", "198.51.100.9"),  # nobody's proxy: what it claims does not count
        ("10.1.1.1", "192.0.2.1", "192.0.2.1"),
        ("10.1.1.1", "192.0.2.1, 10.2.2.2", "192.0.2.1"),
        ("10.1.1.1", "203.0.113.5, 192.0.2.1", "192.0.2.1"),  # what the client wrote in front does not count
        ("10.1.1.1", "192.0.2.1, 203.0.113.5, 10.2.2.2", "203.0.113.5"),
        ("10.1.1.1", "", "10.1.1.1"),
        ("10.1.1.1", "192.0.2.1,", "192.0.2.1"),
        ("10.1.1.1", "192.0.2.1, unknown", ""),
        ("10.1.1.1", "192.0.2.1, unknown, 10.2.2.2", ""),
        ("10.1.1.1", "192.0.2.1:443", ""),
        ("2001:db8::1", "192.0.2.1", "192.0.2.1"),
        ("::ffff:10.1.1.1", "192.0.2.1", "192.0.2.1"),
        ("10.1.1.1", "192.0.2.1, ::ffff:10.2.2.2", "192.0.2.1"),
        ("", "192.0.2.1", ""),
    ],
)
def test_only_what_a_trusted_proxy_wrote_counts_as_an_address(peer, forwarded, address):
    assert client_address({"REMOTE_ADDR": peer, "HTTP_X_FORWARDED_FOR": forwarded}, PROXIES) == address


def test_without_a_trusted_proxy_nobody_speaks_for_another():
    assert client_address({"REMOTE_ADDR": "10.1.1.1", "HTTP_X_FORWARDED_FOR": "192.0.2.1"}, ()) == "10.1.1.1"


def test_an_address_of_ipv4_is_the_same_when_it_is_written_as_one_of_ipv6():
    assert as_number("192.0.2.1") == as_number("::ffff:192.0.2.1") == as_number("::ffff:c000:201")
    assert is_among("192.0.2.1", [range_of("::ffff:192.0.2.0/120")])
    assert as_number("::192.0.2.1") != as_number("192.0.2.1")


@pytest.mark.parametrize("text", ["", "unknown", "192.0.2", "0300.0.2.1", "192.0.2.1, 8.8.8.8", "192.0.2.1:443"])
def test_what_is_no_address_lies_in_no_network(text):
    assert as_number(text) is None
    assert network_of(text) == "unknown"


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("192.0.2.77", "192.0.2.0/24"),
        ("::ffff:192.0.2.77", "192.0.2.0/24"),
        ("2001:db8:7:1ff::5", "2001:db8:7:100::/56"),
    ],
)
def test_an_address_is_counted_with_its_neighbours(address, network):
    assert network_of(address) == network
