import pytest

from broadsheet.access.passes import short
from broadsheet.access.terms import Audience, Reason
from tests.gate.pressroom import LATER, NOW, REGISTER, a_pass, contract, first_article, press, put, revoke, with_pass

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.postgres]

PATH = "/briefings/a-river/"


def test_a_stranger_reads_an_open_article(open_house):
    press(PATH, Audience.OPEN)

    response = open_house().browser.get(PATH)

    assert (response.status, response.text) == (200, "full")
    assert response["Cache-Control"] == "public, max-age=0, must-revalidate"
    assert response["Vary"] == "Accept-Encoding"


def test_a_stranger_meets_the_wall_of_a_metered_article(open_house):
    press(PATH, Audience.METERED)

    response = open_house().browser.get(PATH)

    assert (response.status, response.text) == (200, "preview, register")
    assert response["Cache-Control"] == "private, no-cache"
    assert "Cookie" in response["Vary"]


@pytest.mark.parametrize("audience", [Audience.REGISTERED, Audience.METERED, Audience.MEMBERS])
def test_a_subscriber_reads_everything_without_anybody_being_asked(open_house, audience):
    press(PATH, audience)
    house = open_house()

    response = house.browser.get(PATH, cookies=with_pass(entitled_until=LATER))

    assert response.text == "full"
    assert house.membership.asked == []


def test_a_pass_without_its_session_is_a_stranger_s(open_house):
    press(PATH, Audience.MEMBERS, previews={Reason.SUBSCRIBE: "preview, subscribe"})
    cookies = with_pass(entitled_until=LATER)

    response = open_house().browser.get(PATH, cookies={"pass": cookies["pass"]})

    assert response.text == "preview, subscribe"


def test_a_pass_of_another_session_is_renewed_before_it_counts(open_house):
    press(PATH, Audience.METERED)
    house = open_house()

    response = house.browser.get(PATH, cookies={**with_pass(entitled_until=LATER), "session": "somebody else's"})

    assert response.text == "preview, register"
    assert house.membership.asked == ["a1"]


def test_a_metered_article_is_spent_and_served_in_one_answer(open_house):
    press(PATH, Audience.METERED)
    house = open_house()
    house.membership.sessions["rex"] = a_pass()

    response = house.browser.get(PATH, cookies=with_pass())

    assert (response.status, response.text) == (200, "full")
    assert house.membership.sessions["rex"].left == 2
    assert response["Set-Cookie"].startswith("pass=1~7~")


def test_a_metered_article_already_opened_asks_nobody(open_house):
    press(PATH, Audience.METERED)
    house = open_house()

    response = house.browser.get(PATH, cookies=with_pass(left=0, opened=frozenset({short("a1")})))

    assert response.text == "full"
    assert house.membership.asked == []


def test_a_dead_pass_is_renewed_and_the_article_spent_in_one_call(open_house):
    press(PATH, Audience.METERED)
    house = open_house()
    house.membership.sessions["rex"] = a_pass()

    response = house.browser.get(PATH, cookies=with_pass(expires_at=NOW))

    assert response.text == "full"
    assert house.membership.asked == ["a1"]


def test_a_members_article_renews_a_dead_pass_without_naming_a_story_to_spend(open_house):
    press(PATH, Audience.MEMBERS, previews={Reason.SUBSCRIBE: "preview, subscribe"})
    house = open_house()
    house.membership.sessions["rex"] = a_pass()

    response = house.browser.get(PATH, cookies={"session": "rex"})

    assert response.text == "preview, subscribe"
    assert house.membership.asked == [None]


def test_a_pass_dies_with_its_month(open_house):
    press(PATH, Audience.METERED)
    house = open_house()

    house.browser.get(PATH, cookies=with_pass(meter_ends_at=NOW, opened=frozenset({short("a1")})))

    assert house.membership.asked == ["a1"]


def test_membership_that_does_not_spend_leads_to_the_wall(open_house):
    """A gate believes what is opened, never what is left."""
    press(PATH, Audience.METERED, previews={Reason.SPENT: "preview, spent"})
    house = open_house()
    house.membership.sessions["rex"] = a_pass(left=3)
    house.membership._spend = lambda session, story: None

    response = house.browser.get(PATH, cookies=with_pass())

    assert response.text == "preview, spent"
    assert house.membership.asked == ["a1"]


def test_a_session_that_has_ended_is_a_stranger_s_and_its_cookie_goes(open_house):
    press(PATH, Audience.METERED)

    response = open_house().browser.get(PATH, cookies={"session": "long ago"})

    assert response.text == "preview, register"
    assert response["Set-Cookie"] == "session=; Max-Age=0"


def test_the_unconfirmed_reader_s_first_article_opens_and_no_other(open_house):
    press(PATH, Audience.METERED, story="a1")
    press("/briefings/another/", Audience.METERED, story="a2", previews={Reason.CONFIRM: "preview, confirm"})
    browser = open_house().browser

    assert browser.get(PATH, cookies=first_article("a1")).text == "full"
    assert browser.get("/briefings/another/", cookies=first_article("a1")).text == "preview, confirm"


def test_a_browser_that_had_its_first_article_is_promised_no_other_at_once(open_house):
    press(PATH, Audience.METERED, previews={Reason.REGISTER: "preview, register", Reason.RETURN: "preview, return"})
    browser = open_house().browser

    assert browser.get(PATH, cookies={"first": "spent"}).text == "preview, return"
    assert browser.get(PATH, cookies={"first": "spent", "session": "long ago"}).text == "preview, return"


def test_a_first_article_ends_with_its_pass(open_house):
    press(PATH, Audience.METERED, previews={Reason.CONFIRM: "preview, confirm"})

    response = open_house().browser.get(PATH, cookies=first_article("a1", expires_at=NOW))

    assert response.text == "preview, confirm"


def test_a_revoked_pass_no_longer_counts(open_house):
    press(PATH, Audience.METERED)
    house = open_house()
    revoke(reader=7)
    house.memory.catch_up()

    response = house.browser.get(PATH, cookies=with_pass(entitled_until=LATER))

    assert response.text == "preview, register"


def test_a_pass_made_after_the_revocation_counts(open_house):
    press(PATH, Audience.METERED)
    number = revoke(reader=7)

    response = open_house().browser.get(PATH, cookies=with_pass(entitled_until=LATER, generation=number))

    assert response.text == "full"


def test_a_campus_network_reads_everything(open_house):
    press(PATH, Audience.MEMBERS)
    institution = contract("192.0.2.0/24")
    house = open_house()

    response = house.browser.get(PATH, REMOTE_ADDR="192.0.2.77")

    assert response.text == "full"
    assert house.readings() == [("a1", None, institution.pk, "entitled")]


def test_a_reader_on_campus_spends_nothing_and_is_read_as_both(open_house):
    press(PATH, Audience.METERED)
    institution = contract("192.0.2.0/24")
    house = open_house()
    house.membership.sessions["rex"] = a_pass()

    house.browser.get(PATH, cookies=with_pass(), REMOTE_ADDR="192.0.2.77")
    house.browser.get(PATH, cookies={"session": "rex"}, REMOTE_ADDR="192.0.2.77")

    assert house.membership.sessions["rex"].left == 3
    assert house.readings() == [("a1", 7, institution.pk, "entitled")] * 2


@pytest.mark.parametrize("header", ["HTTP_X_FORWARDED_FOR", "HTTP_FORWARDED", "HTTP_X_REAL_IP", "HTTP_CLIENT_IP"])
def test_an_address_that_a_client_claims_grants_nothing(open_house, header):
    press(PATH, Audience.METERED)
    contract("192.0.2.0/24")
    claim = "for=192.0.2.77" if header == "HTTP_FORWARDED" else "192.0.2.77"

    assert open_house().browser.get(PATH, **{header: claim}).text == "preview, register"


@pytest.mark.parametrize(
    "headers",
    [
        {"HTTP_SEC_PURPOSE": "prefetch"},
        {"HTTP_SEC_PURPOSE": "prefetch;prerender"},
        {"HTTP_PURPOSE": "prefetch"},
        {"HTTP_X_MOZ": "prefetch"},
    ],
)
def test_a_prefetch_spends_nothing_and_is_put_off(open_house, headers):
    press(PATH, Audience.METERED)
    house = open_house()
    house.membership.sessions["rex"] = a_pass()

    response = house.browser.get(PATH, cookies=with_pass(), **headers)

    assert (response.status, response["Cache-Control"]) == (503, "no-store")
    assert house.membership.sessions["rex"].left == 3
    assert house.readings() == []


def test_a_prefetch_with_a_dead_pass_renews_it_and_spends_nothing(open_house):
    press(PATH, Audience.METERED)
    house = open_house()
    house.membership.sessions["rex"] = a_pass()

    response = house.browser.get(PATH, cookies={"session": "rex"}, HTTP_SEC_PURPOSE="prefetch")

    assert response.status == 503
    assert house.membership.asked == [None]


def test_head_spends_nothing_and_answers_as_the_preview_would(open_house):
    press(PATH, Audience.METERED, previews={Reason.SPENT: "preview, spent"})
    house = open_house()

    head = house.browser.head(PATH, cookies=with_pass())
    get = house.browser.get(PATH, cookies=with_pass(left=0))

    assert (head.status, head.body) == (200, b"")
    assert head["ETag"] == get["ETag"]
    assert head["Content-Length"] == str(len(get.body))
    assert house.membership.asked == []


def test_a_range_is_not_a_way_around(open_house):
    press(PATH, Audience.METERED)

    response = open_house().browser.get(PATH, HTTP_RANGE="bytes=0-5")

    assert (response.status, response.text) == (200, "preview, register")


def test_a_known_page_is_answered_by_its_name(open_house):
    press(PATH, Audience.METERED)
    browser = open_house().browser
    etag = browser.get(PATH)["ETag"]

    again = browser.get(PATH, HTTP_IF_NONE_MATCH=f'W/"0123", {etag}')

    assert (again.status, again.body) == (304, b"")
    assert again["Cache-Control"] == "private, no-cache"


def test_the_name_of_the_full_cut_opens_nothing(open_house):
    press(PATH, Audience.METERED)
    browser = open_house().browser
    full = browser.get(PATH, cookies=with_pass(entitled_until=LATER))["ETag"]

    response = browser.get(PATH, HTTP_IF_NONE_MATCH=full)

    assert (response.status, response.text) == (200, "preview, register")


@pytest.mark.parametrize(
    ("accepted", "encoding"),
    [("gzip, deflate, br, zstd", "br"), ("gzip", "gzip"), ("br;q=0, gzip", "gzip"), ("br;q=0", ""), ("", ""), ("BR;q=0.5", "br")],
)
def test_a_page_comes_in_a_coding_that_the_client_takes(open_house, accepted, encoding):
    press(PATH, Audience.OPEN, full="The river has no flag.")

    response = open_house().browser.get(PATH, HTTP_ACCEPT_ENCODING=accepted)

    assert (response["Content-Encoding"], response.text) == (encoding, "The river has no flag.")


def test_every_page_forbids_what_comes_from_elsewhere(open_house):
    press(PATH, Audience.OPEN)

    response = open_house().browser.get(PATH)

    assert response["Content-Security-Policy"].startswith("default-src 'self';")
    assert "unsafe" not in response["Content-Security-Policy"]
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Strict-Transport-Security"] == ""


def test_readers_by_https_are_held_to_it(open_house):
    press(PATH, Audience.OPEN)

    assert open_house(secure=True).browser.get(PATH)["Strict-Transport-Security"] == "max-age=31536000"


def test_a_wall_not_printed_yet_is_printed_once(open_house):
    press(PATH, Audience.METERED, previews={})
    house = open_house()

    texts = [house.browser.get(PATH).text for _ in range(2)]

    assert texts == ["preview, register"] * 2
    assert house.walls == [(PATH, Reason.REGISTER)]


def test_a_wall_that_cannot_be_printed_is_replaced_by_another(open_house):
    press(PATH, Audience.METERED, previews={Reason.SUBSCRIBE: "preview, subscribe"})

    response = open_house(unprintable=(Reason.REGISTER,)).browser.get(PATH)

    assert (response.status, response.text) == (200, "preview, subscribe")


def test_with_no_wall_at_all_nothing_is_served(open_house):
    press(PATH, Audience.METERED, previews={})

    response = open_house(unprintable=(Reason.REGISTER,)).browser.get(PATH)

    assert (response.status, response["Cache-Control"]) == (503, "no-store")


def test_a_story_taken_back_is_gone(open_house):
    press(PATH, Audience.OPEN)
    house = open_house()
    put(PATH, withdrawn=True)
    house.memory.catch_up()

    response = house.browser.get(PATH)

    assert (response.status, response.text) == (410, "This article has been withdrawn.\n")


def test_the_page_of_what_was_taken_back_is_the_publication_s_own(open_house):
    press("/withdrawn/", Audience.OPEN, full="Taken back by the editors.", story="")
    put(PATH, withdrawn=True)

    response = open_house().browser.get(PATH)

    assert (response.status, response.text) == (410, "Taken back by the editors.")


def test_a_moved_story_is_found_at_its_new_address(open_house):
    put(PATH, moved_to="/briefings/a-brook/")

    response = open_house().browser.get(PATH)

    assert (response.status, response["Location"]) == (301, "/briefings/a-brook/")


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "OPTIONS", "get"])
def test_other_methods_are_the_application_s(open_house, method):
    press(PATH, Audience.OPEN)

    assert open_house().browser.get(PATH, method=method).text == "the application behind"


def test_a_path_without_a_page_is_the_application_s(open_house):
    put("/regions/africa/page/3/", gone=True)
    browser = open_house().browser

    assert browser.get("/regions/africa/page/3/").text == "the application behind"
    assert browser.get("/never/heard/of/").text == "the application behind"


def test_the_application_behind_may_ask_what_a_request_may_see(open_house):
    house = open_house()
    house.membership.sessions["rex"] = a_pass(left=3, opened=frozenset({short("a1")}))

    house.browser.get("/media/map.png", cookies={"session": "rex"})
    environ = house.passed_on[0]
    ask = environ["broadsheet.decide"]

    assert ask(environ, "a1", Audience.METERED).reason is Reason.ON_METER
    assert ask(environ, "a2", Audience.METERED).reason is Reason.SPENT
    assert house.membership.sessions["rex"].left == 3


def test_a_reader_with_an_expired_pass_is_not_asked_about_open_pages(open_house):
    press(PATH, Audience.OPEN)
    house = open_house()

    response = house.browser.get(PATH, cookies=with_pass(expires_at=NOW))

    assert response["Set-Cookie"] == ""
    assert house.membership.asked == []


def test_every_full_cut_and_every_wall_is_a_reading(open_house):
    press(PATH, Audience.METERED)
    press("/briefings/open/", Audience.OPEN, story="a2")
    press("/regions/", Audience.OPEN, story="")
    house = open_house()

    for path in (PATH, "/briefings/open/", "/regions/"):
        house.browser.get(path)
    house.browser.get(PATH, cookies=with_pass(entitled_until=LATER))
    house.browser.get("/briefings/open/", cookies=with_pass())

    assert house.readings() == [
        ("a1", None, None, "register"),
        ("a2", None, None, "open"),
        ("a1", 7, None, "entitled"),
        ("a2", 7, None, "open"),
    ]


def test_a_wall_that_a_browser_kept_is_shown_each_time(open_house):
    press(PATH, Audience.METERED)
    house = open_house()
    etag = house.browser.get(PATH)["ETag"]

    assert house.browser.get(PATH, HTTP_IF_NONE_MATCH=etag).status == 304
    house.browser.head(PATH, HTTP_IF_NONE_MATCH=etag)
    house.browser.get(PATH, HTTP_IF_NONE_MATCH=etag, HTTP_SEC_PURPOSE="prefetch")

    assert house.readings() == [("a1", None, None, "register")] * 2


def test_what_sends_no_page_is_no_reading(open_house):
    press(PATH, Audience.METERED)
    house = open_house()
    entitled = with_pass(entitled_until=LATER)
    etag = house.browser.get(PATH, cookies=entitled)["ETag"]
    house.spool._waiting.clear()

    house.browser.head(PATH)
    house.browser.get(PATH, cookies=entitled, HTTP_IF_NONE_MATCH=etag)
    house.browser.get(PATH, query="utm_source=mail")
    house.browser.get(PATH, HTTP_SEC_PURPOSE="prefetch")

    assert house.readings() == []


def test_a_story_that_becomes_members_only_closes_for_those_who_had_opened_it(open_house):
    press(PATH, Audience.METERED)
    house = open_house()
    press(PATH, Audience.MEMBERS, previews={**REGISTER, Reason.SUBSCRIBE: "preview, subscribe"})
    house.memory.catch_up()

    response = house.browser.get(PATH, cookies=with_pass(opened=frozenset({short("a1")})))

    assert response.text == "preview, subscribe"
