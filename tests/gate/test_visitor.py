import pytest
from hypothesis import given
from hypothesis import strategies as st

from broadsheet.gate import answers
from broadsheet.gate.networks import Network, Networks
from broadsheet.gate.settings import BadRange, ranges_from
from broadsheet.gate.visitor import MOST_REMEMBERED, Papers, PapersReader, cookies_in
from broadsheet.kit.addresses import MAPPED, range_of
from tests.gate.browser import SECRETS
from tests.gate.pressroom import NOW, a_pass, sealed

NO_END = float("inf")


def networks(*written, starts_at=0.0, ends_at=NO_END):
    return Networks(Network(*range_of(text), institution, starts_at, ends_at) for institution, text in enumerate(written, 1))


@pytest.mark.parametrize(
    ("address", "institution"),
    [
        ("192.0.2.1", 1),
        ("192.0.2.0", 1),
        ("192.0.2.255", 1),
        ("192.0.3.0", None),
        ("192.0.1.255", None),
        ("::ffff:192.0.2.1", 1),
        ("::ffff:c000:201", 1),
        ("2001:db8:7::5", 2),
        ("2001:DB8:7:0:0:0:0:5", 2),
        ("2001:db8:8::", None),
        ("::192.0.2.1", None),
        ("", None),
        ("unix:", None),
        ("192.0.2", None),
        ("0300.0.2.1", None),
        ("192.0.2.1, 8.8.8.8", None),
    ],
)
def test_an_address_belongs_to_the_institution_whose_range_holds_it(address, institution):
    assert networks("192.0.2.0/24", "2001:db8:7::/48").institution_at(address, 0) == institution


def test_an_address_in_two_ranges_has_the_right_of_the_one_whose_contract_runs():
    wide = Network(*range_of("192.0.0.0/16"), 1, 0, NO_END)
    narrow = Network(*range_of("192.0.2.0/24"), 2, 0, 50)
    beside = Network(*range_of("192.0.2.0/30"), 3, 0, 50)

    assert Networks([wide, narrow, beside]).institution_at("192.0.2.200", 99) == 1


@pytest.mark.parametrize(("at", "institution"), [(9.9, None), (10, 1), (19.9, 1), (20, None)])
def test_a_network_s_right_begins_and_ends_with_its_contract(at, institution):
    assert networks("192.0.2.0/24", starts_at=10, ends_at=20).institution_at("192.0.2.1", at) == institution


@given(st.lists(st.tuples(st.integers(0, 300), st.integers(0, 40)), max_size=12), st.integers(0, 400))
def test_no_range_that_holds_an_address_is_overlooked(drawn, number):
    made = [Network(MAPPED + first, MAPPED + first + length, place, 0) for place, (first, length) in enumerate(drawn)]
    holds = {network.institution for network in made if network.first <= MAPPED + number <= network.last}

    found = Networks(made).institution_at(f"0.0.{number >> 8}.{number & 255}", 0)

    assert (found in holds) if holds else found is None


@pytest.mark.parametrize("written", ["everybody", "10.0.0.0/40", "", "10.0.0.1-10.0.0.9"])
def test_a_proxy_that_cannot_be_read_stops_the_start(written):
    with pytest.raises(BadRange, match="BROADSHEET_TRUSTED_PROXIES"):
        ranges_from((written,), "BROADSHEET_TRUSTED_PROXIES")


@pytest.mark.parametrize(
    ("header", "cookies"),
    [
        ("a=1; b=2", {"a": "1", "b": "2"}),
        ("a=1;b=2", {"a": "1", "b": "2"}),
        ("a=1; a=2", {"a": "2"}),
        ("a=b=c", {"a": "b=c"}),
        ("a", {"a": ""}),
        ("", {"": ""}),
    ],
)
def test_cookies_are_read_as_django_reads_them(header, cookies):
    assert cookies_in(header) == cookies


@given(st.text(), st.text())
def test_no_cookie_whatever_breaks_the_gate(session, ticket):
    papers = PapersReader(SECRETS).papers(f"session={session}; pass={ticket}; first={ticket}; pass[]={ticket}", NOW)

    assert papers.a_pass is None
    assert papers.provisional is None


def test_only_papers_of_ours_are_remembered():
    reader = PapersReader(SECRETS)

    reader.papers("first=spent; junk=1", NOW)
    invented = [reader.papers(f"session=rex; pass=invented{n}", NOW) for n in range(5)]
    ours = reader.papers(f"session=rex; pass={sealed(a_pass())}", NOW)

    assert invented == [Papers(session=True)] * 5
    assert list(reader.remembered.values()) == [ours]


def test_cookies_that_are_not_ours_fill_no_memory():
    reader = PapersReader(SECRETS)
    ours = f"session=rex; pass={sealed(a_pass())}"

    for n in range(MOST_REMEMBERED + 5):
        reader.papers(f"{ours}; junk={n}", NOW)

    assert len(reader.remembered) <= MOST_REMEMBERED


def test_a_long_cookie_header_is_read_and_not_remembered():
    reader = PapersReader(SECRETS)

    papers = reader.papers(f"session=rex; pass={sealed(a_pass())}; junk={'x' * 2_048}", NOW)

    assert papers.a_pass == a_pass()
    assert not reader.remembered


@pytest.mark.parametrize(("length", "remembered"), [(200, 1), (201, 0)])
def test_a_long_list_of_codings_is_read_and_not_remembered(length, remembered):
    answers._encoding_remembered.cache_clear()

    assert answers.encoding_for("gzip, br".ljust(length)) == "br"
    assert answers._encoding_remembered.cache_info().currsize == remembered


def test_remembered_papers_are_read_again_when_something_in_them_ends():
    reader = PapersReader(SECRETS)
    cookies = f"session=rex; pass={sealed(a_pass(entitled_until=NOW + 10, expires_at=NOW + 20))}"

    standings = [reader.papers(cookies, NOW + seconds).visitor.standing.entitled for seconds in (0, 9.9, 10, 19)]

    assert standings == [True, True, False, False]
    assert reader.papers(cookies, NOW + 20).a_pass is None
