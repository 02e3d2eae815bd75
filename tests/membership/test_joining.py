"""One field, one mail, one code: the way in, and what it does not tell."""

import json
import re
from datetime import timedelta
from urllib.parse import unquote

import pytest
import time_machine
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from broadsheet.access.passes import HAD, parse, parse_provisional, pass_signer, provisional_signer, short
from broadsheet.mailroom.models import Dispatch
from broadsheet.membership.actions import forget_knocks
from broadsheet.membership.models import Consent, Knock, MeterRules, Reader
from broadsheet.press.models import Slip
from tests import cast

pytestmark = pytest.mark.django_db

ARTICLE = "/briefings/the-gauge/"
MINUTE = timedelta(minutes=1)


@pytest.fixture(autouse=True)
def noon(at):
    with time_machine.travel(at, tick=False) as clock:
        yield clock


@pytest.fixture(autouse=True)
def article(at):
    return slip(ARTICLE, "a1", at)


def slip(path, story, at, audience="metered"):
    return Slip.objects.create(
        path=path, change=Slip.objects.count() + 1, kind="article", story=story, audience=audience, pressed_at=at
    )


def send_address(browser, address="una@example.org", **fields):
    return browser.post("/join/", {"email": address, "next": ARTICLE, **fields})


def mailed():
    text = Dispatch.objects.order_by("pk").last().text
    return re.search(r"\b[A-Z]{3}-[A-Z]{3}\b", text)[0], re.search(r"/join/link/[^/\s]+/", text)[0]


def join(browser, address="una@example.org", **fields):
    send_address(browser, address, **fields)
    return browser.post("/join/code/", {"code": mailed()[0]})


def logged_in(browser):
    return "_auth_user_id" in browser.session if "session" in browser.cookies else False


def note(browser):
    return json.loads(unquote(browser.cookies["reader"].value))


# Sending an address


def test_sending_an_address_opens_the_article_at_once(at):
    una = cast.vera()

    answer = send_address(una)

    assert (answer.status_code, answer["Location"]) == (303, f"{ARTICLE}#continue")
    provisional = parse_provisional(una.cookies["first"].value, provisional_signer((settings.SECRET_KEY,)))
    assert provisional.story == short("a1")
    assert note(una) == {"name": "", "left": 0, "allowance": 3, "state": "first", "story": short("a1"), "ends": 0}


def test_sending_an_address_signs_nobody_in():
    una = cast.vera()
    send_address(una)

    assert "session" not in una.cookies
    assert "pass" not in una.cookies
    assert not Reader.objects.exists()


def test_a_known_and_an_unknown_address_are_answered_alike(at):
    cast.rex(at)
    send_address(cast.vera(), "first@example.org")  # the house rules and the day's count are made by whoever comes first
    answers, costs = [], []
    for address in ("rex@example.org", "nobody@example.org"):
        browser = cast.vera()
        with CaptureQueriesContext(connection) as asked:
            answer = send_address(browser, address)
        answers.append((answer.status_code, sorted(answer.headers.items()), answer.content, sorted(browser.cookies)))
        costs.append(len(asked))

    assert answers[0] == answers[1]
    assert costs[0] == costs[1]


def test_a_known_and_an_unknown_address_get_the_same_mail(at):
    cast.rex(at)
    texts = []
    for address in ("rex@example.org", "nobody@example.org"):
        send_address(cast.vera(), address)
        text = Dispatch.objects.get(to=address).text
        texts.append(re.sub(r"[A-Z]{3}-[A-Z]{3}|/join/link/\S+", "", text))

    assert texts[0] == texts[1]


def test_only_one_article_opens_in_a_browser(at):
    slip("/briefings/another/", "a2", at)
    una = cast.vera()
    send_address(una)

    answer = send_address(una, "other@example.org", next="/briefings/another/")

    assert answer["Location"] == "/join/code/?next=%2Fbriefings%2Fanother%2F"


def test_an_address_opens_one_article_whatever_browser_sends_it(at):
    slip("/briefings/another/", "a2", at)
    send_address(cast.vera())

    answer = send_address(cast.vera(), "UNA+2@example.org", next="/briefings/another/")

    assert answer["Location"].startswith("/join/code/")


def test_a_network_opens_only_so_many_a_day(at, noon):
    MeterRules.objects.create(first_articles_a_network=2)
    places = [send_address(cast.vera(), f"una{n}@example.org")["Location"] for n in range(3)]
    noon.shift(timedelta(days=1))
    places.append(send_address(cast.vera(), "una9@example.org")["Location"])

    assert [place.startswith("/join/code/") for place in places] == [False, False, True, False]


@pytest.mark.parametrize("audience", ["members", "registered", "open"])
def test_no_other_audience_opens_by_an_address(audience, at):
    slip("/reports/deep/", "a3", at, audience=audience)
    browser = cast.vera()

    answer = send_address(browser, next="/reports/deep/")

    assert answer["Location"].startswith("/join/code/")
    assert "first" not in browser.cookies


@pytest.mark.parametrize(
    "elsewhere",
    [
        "https://evil.example/",
        "//evil.example/",
        "/\\evil.example/",
        "\\\\evil.example",
        "javascript:alert(1)",
        "/%0d%0aSet-Cookie:x",
        "///evil.example",
        "/join/link/x/",
        "/\t/evil.example",
        "x" * 600,
        "",
    ],
)
def test_nobody_is_sent_elsewhere(elsewhere):
    browser = cast.vera()

    answer = join(browser, next=elsewhere)

    assert answer.status_code == 303
    assert answer["Location"] in {"/", "/%0d%0aSet-Cookie:x"}
    assert not any("\n" in value for value in answer.headers.values())


@pytest.mark.parametrize("address", ["", "una", "una@", "a@b.example\r\nBcc: c@d.example"])
def test_what_is_no_address_is_asked_for_again(address):
    browser = cast.vera()

    answer = send_address(browser, address)

    assert answer.status_code == 422
    assert "Enter" in answer.content.decode()
    assert ARTICLE in answer.content.decode()
    assert not Dispatch.objects.exists()


@pytest.mark.parametrize(
    "headers",
    [
        {"HTTP_ORIGIN": "https://evil.example", "HTTP_SEC_FETCH_SITE": "cross-site"},
        {"HTTP_ORIGIN": "https://evil.example"},
        {"HTTP_ORIGIN": "http://testserver", "HTTP_SEC_FETCH_SITE": "same-site"},
        {"HTTP_ORIGIN": "null", "HTTP_SEC_FETCH_SITE": "same-origin"},
        {"HTTP_ORIGIN": "http://testserver.evil.example"},
        {},
    ],
)
@pytest.mark.parametrize("door", ["/join/", "/join/code/", "/join/link/x/", "/leave/", "/account/", "/admin/logout/"])
def test_a_form_from_another_site_is_refused(headers, door, at):
    answer = Client(**headers).post(door, {"email": "una@example.org"})

    assert answer.status_code == 403
    assert not Dispatch.objects.exists()


@pytest.mark.parametrize("headers", [{"HTTP_ORIGIN": "http://testserver"}, {"HTTP_SEC_FETCH_SITE": "same-origin"}, cast.OURS])
def test_a_form_of_ours_is_taken_from_browsers_old_and_new(headers):
    assert send_address(Client(**headers)).status_code == 303


def test_what_the_doors_say_is_never_stored():
    assert "no-store" in cast.vera().get("/join/")["Cache-Control"]
    assert "no-store" in send_address(cast.vera())["Cache-Control"]


def test_an_address_gets_six_codes_an_hour(noon):
    answers = [send_address(cast.vera(), f"una+{n}@example.org").status_code for n in range(7)]
    noon.shift(61 * MINUTE)
    answers.append(send_address(cast.vera()).status_code)

    assert answers == [303] * 6 + [429, 303]


def test_nobody_is_locked_out_by_what_another_network_asks_for():
    for _ in range(7):
        send_address(cast.browser(REMOTE_ADDR="203.0.113.9"))

    assert send_address(cast.browser(REMOTE_ADDR="198.51.100.9")).status_code == 303


def from_many_networks(times, address="una@example.org"):
    for n in range(times):
        send_address(cast.browser(REMOTE_ADDR=f"198.51.{n}.9"), address)


def test_an_address_gets_thirty_codes_an_hour_from_all_networks_together():
    from_many_networks(40)

    assert Dispatch.objects.count() == 30


def test_whoever_asks_in_vain_may_answer_the_code_that_was_sent_before():
    from_many_networks(30)
    una = cast.vera()

    assert send_address(una).status_code == 303
    assert una.post("/join/code/", {"code": mailed()[0]}).status_code == 303
    assert logged_in(una)


def test_whoever_asks_in_vain_cannot_spoil_the_code_of_another_browser():
    una = cast.browser(REMOTE_ADDR="203.0.113.9")
    send_address(una)
    code = mailed()[0]
    with_many_tries = cast.browser(REMOTE_ADDR="198.51.100.9")
    for _ in range(6):
        send_address(cast.browser(REMOTE_ADDR="198.51.100.9"), "una+x@example.org")
    send_address(with_many_tries)

    guesses = [with_many_tries.post("/join/code/", {"code": "AAA-AAA"}).status_code for _ in range(6)]
    again = with_many_tries.post("/join/code/", {"again": "yes"}).status_code

    assert guesses == [422] * 3 + [429] * 3
    assert again == 429
    assert una.post("/join/code/", {"code": code}).status_code == 303
    assert logged_in(una)


def test_when_that_code_has_died_another_is_sent(noon):
    from_many_networks(31)
    noon.shift(16 * MINUTE)
    una = cast.vera()

    assert join(una).status_code == 303
    assert logged_in(una)
    assert Dispatch.objects.count() == 31


def test_no_inbox_is_flooded_whatever_is_sent(noon):
    for _ in range(11):
        from_many_networks(20)
        for n in range(5):
            from_many_networks(2, f"una+{n}@example.org")
        noon.shift(5 * MINUTE)

    assert Dispatch.objects.count() <= 46


@pytest.mark.parametrize(
    ("address", "written"),
    [
        ("una@example.org", lambda n: f"una+{n}@example.org"),
        ("una-of-the-sea@gmail.com", lambda n: f"u.na-of-the-sea+{n}@gmail.com"),
        ("una-of-the-sea@gmail.com", lambda n: f"{'una-of-the-sea'[: n + 1]}.{'una-of-the-sea'[n + 1 :]}@gmail.com"),
    ],
    ids=["plus", "plus and dot", "dots"],
)
def test_variants_of_an_address_use_up_nothing_that_it_is_lent_itself(address, written, noon):
    from_many_networks(30, written(0))
    noon.shift(16 * MINUTE)  # no code of a variant waits
    for n in range(1, 12):
        send_address(cast.browser(REMOTE_ADDR=f"203.0.{n}.9"), written(n))
    una = cast.vera()

    assert join(una, address).status_code == 303
    assert logged_in(una)
    assert Dispatch.objects.count() == 39


def test_a_variant_of_an_address_is_given_no_code_but_its_own():
    from_many_networks(30)
    una = cast.vera()

    send_address(una, "una+x@example.org")

    assert "una+x@example.org" in una.get("/join/code/").content.decode()


# The code


def test_the_code_signs_in_and_returns_to_the_paragraph(at):
    una = cast.vera()

    answer = join(una)

    assert (answer.status_code, answer["Location"]) == (303, f"{ARTICLE}#continue")
    assert logged_in(una)


def test_confirming_begins_the_allowance_and_the_daily_and_keeps_the_article(at):
    una = cast.vera()
    join(una)

    reader = Reader.objects.get(email="una@example.org")
    assert reader.confirmed_at == at
    assert not reader.has_usable_password()
    assert reader.allowance.openings.get().story == "a1"
    consent = Consent.objects.get(reader=reader)
    assert (consent.what, consent.given_at) == ("daily", at)
    assert "free Daily" in consent.text_shown


def test_whoever_confirms_carries_a_pass_and_a_note(at):
    una = cast.vera()
    join(una)

    a_pass = parse(una.cookies["pass"].value, pass_signer((settings.SECRET_KEY,)))
    assert a_pass.session == short(una.cookies["session"].value)
    assert (a_pass.confirmed, a_pass.left, a_pass.opened) == (True, 3, {short("a1")})
    assert note(una)["state"] == "reader"
    assert note(una)["left"] == 3
    assert una.cookies["pass"]["httponly"]
    assert not una.cookies["reader"]["httponly"]
    assert una.cookies["pass"]["samesite"] == "Lax"


def test_the_provisional_pass_ends_and_the_browser_has_had_its_first(at):
    una = cast.vera()
    join(una)

    assert parse_provisional(una.cookies["first"].value, provisional_signer((settings.SECRET_KEY,))) == HAD
    assert una.cookies["first"].value


def test_a_reader_who_logs_in_gets_no_uncounted_article(at):
    rex = cast.rex(at)
    browser = cast.vera()
    join(browser, "rex@example.org")

    assert logged_in(browser)
    assert not rex.allowance.openings.filter(story="a1").exists()
    assert note(browser)["left"] == 0


def test_a_code_is_taken_however_it_is_typed():
    una = cast.vera()
    send_address(una)

    una.post("/join/code/", {"code": f" {mailed()[0].lower().replace('-', ' ')} "})

    assert logged_in(una)


def test_a_code_works_once():
    una = cast.vera()
    send_address(una)
    code = mailed()[0]
    elsewhere = cast.vera()
    elsewhere.cookies["knock"] = una.cookies["knock"].value
    una.post("/join/code/", {"code": code})

    answer = elsewhere.post("/join/code/", {"code": code})

    assert answer.status_code == 422
    assert not logged_in(elsewhere)


def test_a_code_works_for_a_quarter_of_an_hour(noon):
    una = cast.vera()
    send_address(una)
    noon.shift(15 * MINUTE)

    una.post("/join/code/", {"code": mailed()[0]})

    assert not logged_in(una)


def test_a_code_may_be_tried_five_times():
    una = cast.vera()
    send_address(una)
    answers = [una.post("/join/code/", {"code": "BBBBBB"}) for _ in range(5)]

    answer = una.post("/join/code/", {"code": mailed()[0]})

    assert [each.status_code for each in answers] == [422] * 5
    assert "no longer works" in answer.content.decode()
    assert not logged_in(una)


def test_a_code_is_nothing_without_the_browser_that_asked_for_it():
    send_address(cast.vera())

    answer = cast.vera().post("/join/code/", {"code": mailed()[0], "next": ARTICLE})

    assert answer["Location"] == "/join/?next=%2Fbriefings%2Fthe-gauge%2F"


@pytest.mark.parametrize("forged", ["1", "1.x", "1." + "A" * 27, "", "é"])
def test_a_forged_knock_opens_no_code_page(forged):
    send_address(cast.vera())
    browser = cast.vera()
    browser.cookies["knock"] = forged

    assert browser.get("/join/code/")["Location"].startswith("/join/")


def test_a_new_code_replaces_the_old():
    una = cast.vera()
    send_address(una)
    old = mailed()[0]
    una.post("/join/code/", {"again": "yes"})
    new = mailed()[0]
    assert new != old

    una.post("/join/code/", {"code": old})
    assert not logged_in(una)
    una.post("/join/code/", {"code": new})
    assert logged_in(una)
    assert Reader.objects.get().allowance.openings.get().story == "a1"


def test_the_code_is_kept_nowhere_but_in_the_mail():
    send_address(cast.vera())
    code, link = mailed()
    knock = Knock.objects.get()

    kept = " ".join(str(value) for value in vars(knock).values())
    assert code not in kept
    assert code.replace("-", "") not in kept
    assert link.split("/")[3] not in kept


def test_a_wall_s_code_form_returns_to_the_article_of_that_wall(at):
    slip("/briefings/another/", "a2", at)
    una = cast.vera()
    send_address(una)

    answer = una.post("/join/code/", {"code": mailed()[0], "next": "/briefings/another/#continue"})

    assert answer["Location"] == "/briefings/another/#continue"


# The link


def test_looking_at_the_link_uses_up_nothing():
    send_address(cast.vera())
    link = mailed()[1]
    scanner = cast.vera()
    for _ in range(3):
        assert "<button" in scanner.get(link).content.decode()

    assert not Reader.objects.exists()
    assert not logged_in(scanner)


def test_the_link_s_button_confirms_in_another_browser():
    send_address(cast.vera())
    phone = cast.vera()

    answer = phone.post(mailed()[1])

    assert answer["Location"] == f"{ARTICLE}#continue"
    assert logged_in(phone)


def test_a_link_and_its_code_work_once_between_them():
    una = cast.vera()
    send_address(una)
    code, link = mailed()
    cast.vera().post(link)

    una.post("/join/code/", {"code": code})
    again = cast.vera()
    answer = again.post(link)

    assert not logged_in(una)
    assert not logged_in(again)
    assert answer.status_code == 422


def test_a_link_dies_with_its_code(noon):
    send_address(cast.vera())
    noon.shift(15 * MINUTE)
    browser = cast.vera()

    assert '<button class="button" type="submit">Continue' not in browser.get(mailed()[1]).content.decode()
    browser.post(mailed()[1])
    assert not logged_in(browser)


@pytest.mark.parametrize("token", ["x", "x" * 500, "%00"])
def test_a_link_that_we_never_sent_opens_nothing(token):
    assert cast.vera().post(f"/join/link/{token}/").status_code in {404, 422}


def test_a_closed_account_stays_closed(at):
    fay = cast.fay(at)
    fay.is_active = False
    fay.save()
    browser = cast.vera()

    answer = join(browser, "fay@example.org")

    assert answer.status_code == 403
    assert not logged_in(browser)


def test_an_address_that_never_confirms_is_forgotten_after_a_day(at, noon):
    send_address(cast.vera())

    assert forget_knocks(at=at + timedelta(days=1) - MINUTE) == 0
    assert forget_knocks(at=at + timedelta(days=1)) == 1


# A second factor


def test_an_editor_is_asked_for_the_second_factor_before_there_is_a_session(at):
    cast.edda(at)
    browser = cast.vera()

    answer = join(browser, "edda@example.org", next="/admin/")

    assert answer["Location"] == "/accounts/2fa/authenticate/"
    assert not logged_in(browser)
    assert "pass" not in browser.cookies


def test_the_second_factor_lets_an_editor_onto_the_desk(at):
    edda = cast.edda(at)
    browser = cast.vera()
    join(browser, "edda@example.org", next="/admin/")
    counter = next(yield_hotp_counters_from_time())
    code = format_hotp_value(hotp_value(cast.SECOND_FACTORS["edda"], counter))

    answer = browser.post("/accounts/2fa/authenticate/", {"code": code})

    assert (answer.status_code, answer["Location"]) == (303, "/admin/")
    assert browser.session["_auth_user_id"] == str(edda.pk)
    assert note(browser)["state"] == "staff"
    assert browser.get("/admin/").status_code == 200


# What is said on the way


def test_a_wrong_code_stays_in_its_field_and_the_field_says_what_is_wrong():
    una = cast.vera()
    send_address(una)

    form = una.post("/join/code/", {"code": "ABC-<23"}).content.decode().partition('class="join-form code-form"')[2]

    assert 'value="ABC-&lt;23" aria-invalid="true" aria-describedby="code-trouble"' in form
    assert form.index('id="code-trouble"') < form.index('id="join-code"')


def test_whoever_has_answered_the_code_is_told_once_by_a_cookie_of_a_minute():
    una = cast.vera()
    send_address(una)
    assert "arrived" not in una.cookies

    arrived = una.post("/join/code/", {"code": mailed()[0]}).cookies["arrived"]

    assert (arrived["max-age"], arrived["httponly"]) == (60, "")
