"""Networks as librarians paste them."""

from ipaddress import ip_address

import pytest

from broadsheet.membership.networks import BadNetwork, ranges_from


def ends(pasted):
    return [(each.first, each.last) for each in ranges_from(pasted)]


def between(first, last):
    return tuple(f"{in_ipv6(ip_address(end)):032x}" for end in (first, last))


def in_ipv6(address):
    return int(address) if address.version == 6 else 0xFFFF << 32 | int(address)


@pytest.mark.parametrize(
    ("pasted", "first", "last"),
    [
        ("192.0.2.7", "192.0.2.7", "192.0.2.7"),
        ("192.0.2.0/24", "192.0.2.0", "192.0.2.255"),
        ("192.0.2.77/24", "192.0.2.0", "192.0.2.255"),
        ("192.0.2.0/255.255.255.0", "192.0.2.0", "192.0.2.255"),
        ("192.0.2.10-192.0.2.20", "192.0.2.10", "192.0.2.20"),
        ("192.0.2.10 - 192.0.2.20", "192.0.2.10", "192.0.2.20"),
        ("192.0.2.10–192.0.2.20", "192.0.2.10", "192.0.2.20"),
        ("192.0.2.10 — 192.0.2.20", "192.0.2.10", "192.0.2.20"),
        ("192.0.2.10 to 192.0.2.20", "192.0.2.10", "192.0.2.20"),
        ("192.0.2.20-192.0.2.10", "192.0.2.10", "192.0.2.20"),
        ("192.0.2.10-20", "192.0.2.10", "192.0.2.20"),
        ("192.0.2.20-10", "192.0.2.10", "192.0.2.20"),
        ("192.0.2-3.0-255", "192.0.2.0", "192.0.3.255"),
        ("10.1.*.*", "10.1.0.0", "10.1.255.255"),
        ("192.0.2.*", "192.0.2.0", "192.0.2.255"),
        ("10.1.2-5.*", "10.1.2.0", "10.1.5.255"),
        ("\u200b192.0.2.7\ufeff", "192.0.2.7", "192.0.2.7"),
        ("192.0.\u00ad2.7", "192.0.2.7", "192.0.2.7"),
        ("192.0.2.10\u00a0-\u00a0192.0.2.20", "192.0.2.10", "192.0.2.20"),
        ("１９２.0.2.7", "192.0.2.7", "192.0.2.7"),
        ("2001:db8::/32", "2001:db8::", "2001:db8:ffff:ffff:ffff:ffff:ffff:ffff"),
        ("2001:DB8::1 - 2001:db8::ff", "2001:db8::1", "2001:db8::ff"),
        ("::ffff:192.0.2.7", "192.0.2.7", "192.0.2.7"),
        ("::ffff:192.0.2.0/120", "192.0.2.0", "192.0.2.255"),
        ("10.0.0.0/8", "10.0.0.0", "10.255.255.255"),
    ],
)
def test_a_network_is_read_however_it_is_written(pasted, first, last):
    assert ends(pasted) == [between(first, last)]


def test_an_address_of_ipv4_is_thirty_two_digits_mapped_into_ipv6():
    one = "00000000000000000000ffffc0000201"
    assert ends("192.0.2.1") == ends("::ffff:192.0.2.1") == [(one, one)]


def test_a_whole_list_is_read_with_its_remarks():
    pasted = "192.0.2.0/24, 198.51.100.7; 203.0.113.5\r\n# the old campus\n\n2001:db8::/32  # since 2019\n192.0.2.0/24"

    assert [each.as_written for each in ranges_from(pasted)] == ["192.0.2.0/24", "198.51.100.7", "203.0.113.5", "2001:db8::/32"]


def test_nothing_pasted_is_no_network():
    assert ranges_from(" \n , ; # none yet") == []


@pytest.mark.parametrize(
    "pasted",
    [
        "0.0.0.0/0",
        "::/0",
        "0.0.0.0-255.255.255.255",
        "*.*.*.*",
        "10.0.0.0/7",
        "::/16",
        "::ffff:0:0/96",
        "::/21",
        "2000::/3",
        "192.0.2.300",
        "192.0.2.0/33",
        "192.0.2",
        "192.0.2.007",
        "10.*.5.1",
        "10.*.5.*",
        "10.1-2.3.*",
        "192.0.2.1-2001:db8::1",
        "192.0.2.1-",
        "-192.0.2.1",
        "fe80::1%eth0",
        "proxy.uni.example",
        "https://192.0.2.1/",
        "1.2.3.4.5",
        "٣.2.1.0.9",
    ],
)
def test_what_is_no_institution_s_network_is_refused_by_name(pasted):
    with pytest.raises(BadNetwork, match=r"[.:*]"):
        ranges_from(f"192.0.2.1\n{pasted}")
