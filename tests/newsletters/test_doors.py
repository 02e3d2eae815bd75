"""The readers' doors to newsletters: signing up, choosing with and without logging in, and leaving by one click."""

import re
from datetime import timedelta
from html import unescape
from urllib.parse import urlsplit

import pytest
import time_machine
from allauth.account.models import EmailAddress
from django.test import Client

from broadsheet.kit.signing import Signer
from broadsheet.mailroom import marks
from broadsheet.mailroom.envelope import Marked, Marks, Purpose
from broadsheet.mailroom.heeding import Why
from broadsheet.mailroom.models import Dispatch
from broadsheet.mailroom.suppressing import suppress
from broadsheet.membership.actions import erasing
from broadsheet.membership.models import Reader
from broadsheet.newsletters import coming_back, links
from broadsheet.newsletters.actions import signing_up
from broadsheet.newsletters.models import Delivery, Edition, Newsletter, Signup
from tests import cast
from tests.newsletters import make as made

pytestmark = pytest.mark.django_db

SIGN_UP, ACCOUNT = "/newsletters/sign-up/", "/account/newsletters/"
DAY = timedelta(days=1)
ONE_CLICK = {"List-Unsubscribe": "One-Click"}


@pytest.fixture(autouse=True)
def noon(at):
    with time_machine.travel(at, tick=False) as clock:
        yield clock


@pytest.fixture
def daily(db):
    return made.newsletter()


@pytest.fixture
def africa(db):
    return made.newsletter("Africa", slug="africa", whom="members", rhythm="weekly", promise="A continent a week.")


def text(answer):
    return unescape(answer.content.decode())


def path_of(link):
    return urlsplit(link).path


def signed_up(reader, newsletter, at):
    return signing_up.sign_up(reader, newsletter, text_shown="Words.", at=at)


def preferences_of(reader, at):
    return path_of(links.preferences_link(links.Whose.of(reader), at=at))


def leave_of(signup):
    return path_of(links.leave_link(links.Whose.of(signup.reader), signup.newsletter_id))


def theirs(reader):
    return set(Signup.objects.filter(reader=reader, ended_at=None).values_list("newsletter__slug", flat=True))


def mailed():
    return path_of(re.search(r"http://testserver(/newsletters/confirm/\S+)", Dispatch.objects.latest("pk").text)[0])


def is_closed(answer):
    headers = (answer["X-Robots-Tag"], answer["Referrer-Policy"])
    return headers == ("noindex, nofollow", "no-referrer") and "no-store" in answer["Cache-Control"]


# Signing up


def test_a_stranger_signs_up_by_the_link_in_a_mail(daily):
    vera = cast.vera()

    answer = vera.post(SIGN_UP, {"newsletter": "daily", "address": "Vera@Example.org"})
    assert "We sent a link to vera@example.org." in text(answer)
    link = mailed()
    assert "Get The Daily?" in text(vera.get(link))
    done = vera.post(link)

    assert "You get The Daily" in text(done)
    assert theirs(Reader.objects.get(email="vera@example.org")) == {"daily"}
    assert "session" not in vera.cookies
    assert is_closed(done)


def test_known_and_unknown_addresses_are_answered_alike(daily, africa, at):
    for reader in (cast.fay(at), cast.sada(at), cast.rex(at)):
        signed_up(reader, daily, at)
    for newsletter in ("daily", "africa"):
        answers = [
            cast.vera().post(SIGN_UP, {"newsletter": newsletter, "address": f"{name}@example.org"})
            for name in ("fay", "sada", "rex", "newcomer")
        ]

        assert {answer.status_code for answer in answers} == {200}
        said = {re.sub(r"(fay|sada|rex|newcomer)@example", "x@example", text(answer)) for answer in answers}
        assert len(said) == 1


def test_a_look_at_the_link_signs_nobody_up(daily):
    cast.vera().post(SIGN_UP, {"newsletter": "daily", "address": "vera@example.org"})
    link = mailed()

    for _ in range(3):
        assert is_closed(cast.vera().get(link))
        cast.vera().head(link)

    assert not Signup.objects.exists()
    assert "You get The Daily" in text(cast.vera().post(link))


def test_a_link_that_was_used_says_so(daily):
    cast.vera().post(SIGN_UP, {"newsletter": "daily", "address": "vera@example.org"})
    link = mailed()
    cast.vera().post(link)

    assert "This link has done its work" in text(cast.vera().get(link))
    assert cast.vera().post(link).status_code == 422


def test_whoever_complained_is_told_that_nothing_is_sent(daily, at):
    suppress(address="vera@example.org", why=Why.COMPLAINT, at=at)
    cast.vera().post(SIGN_UP, {"newsletter": "daily", "address": "vera@example.org"})

    assert "nothing is sent there now" in text(cast.vera().post(mailed()))


def test_what_is_asked_for_at_another_verified_address_comes_to_their_own(daily, at):
    fay = cast.fay(at)
    EmailAddress.objects.create(user=fay, email="fay.too@example.org", verified=True)
    cast.vera().post(SIGN_UP, {"newsletter": "daily", "address": "fay.too@example.org"})

    assert "It comes to fay@example.org." in text(cast.vera().post(mailed()))


@pytest.mark.parametrize("name", ["africa", "daily"])
def test_the_mail_and_its_page_say_what_is_for_subscribers(daily, africa, name):
    cast.vera().post(SIGN_UP, {"newsletter": name, "address": "new@example.org"})
    link = mailed()

    said = [Dispatch.objects.get().text, text(cast.vera().get(link))]
    assert ["For subscribers: Africa" in each for each in said] == [name == "africa"] * 2


def test_a_link_for_subscribers_shows_others_the_way(africa, at):
    cast.lena(at)
    cast.vera().post(SIGN_UP, {"newsletter": "africa", "address": "lena@example.org"})

    answer = cast.vera().post(mailed())

    assert answer.status_code == 403
    assert "/subscribe/" in text(answer)


def test_a_reader_signs_up_at_once(daily, at):
    fay = cast.fay(at)
    browser = cast.log_in(fay)

    answer = browser.post(SIGN_UP, {"newsletter": "daily", "address": "other@example.org"})

    assert (answer.status_code, answer["Location"]) == (303, "/account/newsletters/?new=daily")
    assert "From now on The Daily comes to fay@example.org." in text(browser.get(answer["Location"]))
    assert theirs(fay) == {"daily"}
    assert Signup.objects.get().text_shown == "The Daily, by mail: The day. Each one carries a link that ends it."


def test_fay_is_shown_the_way_to_what_subscribers_get(africa, at):
    fay = cast.fay(at)

    answer = cast.log_in(fay).post(SIGN_UP, {"newsletter": "africa"})

    assert answer.status_code == 403
    assert "Africa goes to subscribers" in text(answer)
    assert not theirs(fay)


@pytest.mark.parametrize("typed", ["", "x", "x@", "a@b\r\nBcc: c@example.org", "\x00@example.org"])
def test_what_is_no_address_is_asked_for_again(daily, typed):
    answer = cast.vera().post(SIGN_UP, {"newsletter": "daily", "address": typed})

    assert answer.status_code == 422
    assert "Enter an e-mail address" in text(answer)
    assert not Dispatch.objects.exists()


@pytest.mark.parametrize("fields", [{"newsletter": "none"}, {"newsletter": ["\x00", "none"]}])
def test_what_names_no_newsletter_finds_none(daily, fields):
    assert cast.vera().post(SIGN_UP, {"address": "vera@example.org", **fields}).status_code == 404


@pytest.mark.parametrize("fields", [{}, {"newsletter[]": "daily"}])
def test_whoever_chose_none_is_asked_which(daily, africa, fields):
    answer = cast.vera().post(SIGN_UP, {"address": "vera@example.org", **fields})

    assert answer.status_code == 422
    said = text(answer)
    assert "Choose at least one newsletter." in said
    assert re.findall(r'name="newsletter" value="(\w+)"', said) == ["daily"]
    assert 'value="vera@example.org"' in said


def test_a_reader_who_chose_none_comes_to_their_account(daily, at):
    assert cast.log_in(cast.fay(at)).post(SIGN_UP, {"address": ""})["Location"] == ACCOUNT


def test_a_stranger_chooses_several_and_presses_one_button(daily):
    made.newsletter("Asia", slug="asia", promise="A continent.")
    vera = cast.vera()

    asked_again = text(vera.post(SIGN_UP, {"newsletter": ["daily", "asia"], "address": ""}))
    assert re.findall(r'value="(\w+)" checked', asked_again) == ["asia", "daily"]
    assert "Asia and The Daily come" in text(vera.post(SIGN_UP, {"newsletter": ["daily", "asia"], "address": "vera@example.org"}))
    link = mailed()
    page = text(vera.get(link))
    assert "Get Asia and The Daily?" in page
    assert "A continent." in page
    assert "You get Asia and The Daily" in text(vera.post(link))

    assert theirs(Reader.objects.get(email="vera@example.org")) == {"asia", "daily"}


def test_a_reader_chooses_several_at_once(daily, at):
    made.newsletter("Asia", slug="asia")
    fay = cast.fay(at)
    browser = cast.log_in(fay)

    answer = browser.post(SIGN_UP, {"newsletter": ["daily", "asia"], "address": ""})

    assert "From now on Asia and The Daily come to fay@example.org." in text(browser.get(answer["Location"]))
    assert theirs(fay) == {"asia", "daily"}


def test_of_several_names_those_that_are_none_are_passed_over(daily):
    answer = cast.vera().post(SIGN_UP, {"newsletter": ["x", "daily"], "address": ["x", "vera@example.org"]})

    assert "vera@example.org" in text(answer)


def test_a_newsletter_that_was_withdrawn_is_offered_no_more(daily, at):
    Newsletter.objects.update(withdrawn_at=at)

    assert cast.vera().post(SIGN_UP, {"newsletter": "daily", "address": "vera@example.org"}).status_code == 404


def test_a_form_of_another_site_signs_nobody_up(daily):
    stranger = Client(HTTP_ORIGIN="https://evil.example", HTTP_SEC_FETCH_SITE="cross-site")

    assert stranger.post(SIGN_UP, {"newsletter": "daily", "address": "vera@example.org"}).status_code == 403
    assert not Dispatch.objects.exists()


def test_an_address_is_sent_few_mails_from_one_network(daily):
    answers = [cast.vera().post(SIGN_UP, {"newsletter": "daily", "address": f"v.era+{n}@gmail.com"}) for n in range(7)]

    assert [answer.status_code for answer in answers] == [200] * 6 + [429]


def test_an_address_is_sent_so_many_from_all(daily):
    answers = [
        cast.browser(REMOTE_ADDR=f"203.0.{n}.9").post(SIGN_UP, {"newsletter": "daily", "address": "vera@example.org"})
        for n in range(21)
    ]

    assert [answer.status_code for answer in answers] == [200] * 20 + [429]


def test_a_network_asks_for_so_many_a_minute(daily):
    answers = [cast.vera().post(SIGN_UP, {"newsletter": "daily", "address": f"v{n}@example.org"}) for n in range(31)]

    assert [answer.status_code for answer in answers] == [200] * 30 + [429]


# Choosing


def test_sada_chooses_africa_and_asia(daily, africa, at):
    made.newsletter("Asia", slug="asia", whom="members", rhythm="weekly")
    sada = cast.sada(at)
    signed_up(sada, daily, at)
    browser = cast.log_in(sada)

    answer = browser.post(ACCOUNT, {"shown": ["daily", "africa", "asia"], "wanted": ["daily", "africa", "asia"]})

    assert (answer.status_code, answer["Location"]) == (303, "/account/newsletters/?saved=yes")
    assert theirs(sada) == {"daily", "africa", "asia"}
    assert re.findall(r'value="(\w+)" checked', text(browser.get(ACCOUNT))) == ["africa", "asia", "daily"]


def test_fay_sees_the_region_weeklies_offered_with_the_way_to_subscribe(daily, africa, at):
    fay = cast.fay(at)
    page = text(cast.log_in(fay).get(ACCOUNT))

    assert 'value="daily"' in page
    assert 'value="africa"' not in page
    assert "A continent a week." in page
    assert "See what a subscription opens" in page


def test_what_she_asks_for_all_the_same_is_passed_over(daily, africa, at):
    fay = cast.fay(at)

    cast.log_in(fay).post(ACCOUNT, {"shown": ["daily", "africa"], "wanted": ["daily", "africa"]})

    assert theirs(fay) == {"daily"}


def test_what_is_not_wanted_any_more_ends_and_what_was_not_shown_stays(daily, africa, at):
    sada = cast.sada(at)
    for newsletter in (daily, africa):
        signed_up(sada, newsletter, at)

    cast.log_in(sada).post(ACCOUNT, {"shown": ["daily", "\x00", "nothing"]})

    assert theirs(sada) == {"africa"}
    assert Signup.objects.get(newsletter=daily).ended_how == "page"


def test_what_rests_since_they_lapsed_can_be_ended(africa, at):
    sada = cast.sada(at)
    signed_up(sada, africa, at)
    sada.terms.update(ends_at=at)
    browser = cast.log_in(sada)

    assert "It rests" in text(browser.get(ACCOUNT))
    browser.post(ACCOUNT, {"shown": ["africa"]})

    assert not theirs(sada)


def test_whose_mail_came_back_is_told_so(daily, at):
    fay = cast.fay(at)
    suppress(address=fay.email, why=Why.HARD, at=at)

    assert "Nothing is sent to you now" in text(cast.log_in(fay).get(ACCOUNT))


def test_a_visitor_logs_in_to_choose(daily):
    answer = cast.vera().get(ACCOUNT)

    assert (answer.status_code, answer["Location"]) == (302, "/join/?next=/account/newsletters/")


def test_the_account_leads_there(at):
    assert 'href="/account/newsletters/"' in text(cast.log_in(cast.fay(at)).get("/account/"))


# Choosing by the link in a mail


def test_a_link_opens_the_same_page_without_logging_in(daily, at):
    sada = cast.sada(at)
    vera = Client()
    link = preferences_of(sada, at)

    page = vera.get(link)
    answer = vera.post(link, {"shown": "daily", "wanted": "daily"})

    assert "The day." in text(page)
    assert is_closed(page)
    assert (answer.status_code, answer["Location"]) == (303, f"{link}?saved=yes")
    assert theirs(sada) == {"daily"}
    assert "session" not in vera.cookies


def test_it_shows_nothing_else_of_the_account(daily, at):
    sada = cast.sada(at)
    Reader.objects.filter(pk=sada.pk).update(first_name="Sadako", last_name="Example")

    page = text(Client().get(preferences_of(sada, at)))

    assert "sada@" not in page
    assert "Sadako" not in page


def test_it_opens_for_a_year(daily, at):
    sada = cast.sada(at)

    assert Client().get(preferences_of(sada, at - 364 * DAY)).status_code == 200
    late = Client().post(preferences_of(sada, at - 365 * DAY), {"shown": "daily", "wanted": "daily"})

    assert late.status_code == 404
    assert is_closed(late)
    assert "The newest mail from us has a new one" in text(late)
    assert not theirs(sada)


def forged(reader, other, at):
    day, whose = at.date().toordinal(), links.Whose.of(reader)
    _, signature = preferences_of(reader, at).rstrip("/").rsplit("/", 1)[1].split(".")
    leave = links.leave_link(whose, day).rstrip("/").rsplit("/", 1)[1]
    gift = Signer(("x" * 50,), purpose="newsletter preferences").sign(f"{whose}-{day}")
    return ["x", "1", "%00", "1.2", f"{links.Whose.of(other)}-{day}.{signature}", f"{whose}-{day + 9}.{signature}", leave, gift]


def test_what_we_did_not_sign_for_this_reader_and_purpose_opens_nothing(daily, at):
    fay, sada = cast.fay(at), cast.sada(at)

    answers = [Client().get(f"/newsletters/preferences/{token}/") for token in forged(fay, sada, at)]

    assert {answer.status_code for answer in answers} == {404}
    assert all(is_closed(answer) for answer in answers)


def test_a_closed_account_has_no_preferences(daily, at):
    sada = cast.sada(at)
    Reader.objects.filter(pk=sada.pk).update(is_active=False)

    assert Client().get(preferences_of(sada, at)).status_code == 404


def test_a_link_of_one_reader_changes_nothing_of_another(daily, at):
    fay, sada = cast.fay(at), cast.sada(at)
    signed_up(sada, daily, at)

    Client().post(preferences_of(fay, at), {"shown": "daily", "reader": sada.pk})

    assert theirs(sada) == {"daily"}


# Leaving


def test_a_mail_program_ends_it_by_one_post_without_cookies_or_origin(daily, at):
    signup = signed_up(cast.sada(at), daily, at)

    answer = Client(enforce_csrf_checks=True).post(leave_of(signup), ONE_CLICK)

    signup.refresh_from_db()
    assert (answer.status_code, signup.ended_at, signup.ended_how) == (200, at, "one-click")
    assert is_closed(answer)


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        ("List-Unsubscribe=One-Click", "application/x-www-form-urlencoded"),
        ("", ""),
        ("List-Unsubscribe=One-Click", "text/plain"),
    ],
)
def test_whatever_a_mail_program_says_of_the_body(daily, at, body, kind):
    signup = signed_up(cast.sada(at), daily, at)

    assert Client(enforce_csrf_checks=True).post(leave_of(signup), body, content_type=kind).status_code == 200
    assert not theirs(signup.reader)


def test_a_look_ends_nothing(daily, at):
    signup = signed_up(cast.sada(at), daily, at)

    page = Client().get(leave_of(signup))
    Client().head(leave_of(signup))
    Client().get(f"{leave_of(signup)}?List-Unsubscribe=One-Click&undo=yes")

    assert "No more of The Daily?" in text(page)
    assert is_closed(page)
    assert theirs(signup.reader) == {"daily"}


def test_the_others_stay_and_are_named(daily, africa, at):
    sada = cast.sada(at)
    signed_up(sada, africa, at)
    browser = Client()

    answer = text(browser.post(leave_of(signed_up(sada, daily, at))))

    assert "You get The Daily no more" in answer
    assert "You still get Africa." in answer
    assert theirs(sada) == {"africa"}
    shown = path_of(re.search(r'href="([^"]+/preferences/[^"]+)"', answer)[1])
    assert browser.get(shown).status_code == 200


def test_the_link_to_the_others_lives_a_day(daily, at, noon):
    answer = text(Client().post(leave_of(signed_up(cast.sada(at), daily, at))))
    shown = path_of(re.search(r'href="([^"]+/preferences/[^"]+)"', answer)[1])
    noon.shift(DAY)

    assert Client().get(shown).status_code == 404


def test_it_can_be_undone_for_a_day(daily, at, noon):
    signup = signed_up(cast.sada(at), daily, at)
    path = leave_of(signup)
    browser = Client()
    assert "Undo" in text(browser.post(path))

    assert "You get The Daily again" in text(browser.post(path, {"undo": "yes"}))
    assert theirs(signup.reader) == {"daily"}
    browser.post(path)
    noon.shift(DAY)
    late = text(browser.post(path, {"undo": "yes"}))

    assert "You get The Daily no more" in late
    assert "Undo" not in late
    assert not theirs(signup.reader)


def test_left_twice_it_is_over_twice(daily, at):
    path = leave_of(signed_up(cast.sada(at), daily, at))

    assert [Client().post(path, ONE_CLICK).status_code for _ in range(2)] == [200, 200]


def test_undoing_what_never_ended_changes_nothing(daily, at):
    signup = signed_up(cast.sada(at), daily, at)

    Client().post(leave_of(signup), {"undo": "yes"})

    assert theirs(signup.reader) == {"daily"}


def test_what_we_did_not_sign_for_leaving_ends_nothing(daily, at):
    signup = signed_up(cast.sada(at), daily, at)
    preferences = preferences_of(signup.reader, at).split("/")[-2]

    for token in ("x", "1-1", "%00", f"{signup.reader_id}-{daily.pk}.AAAAAAAAAAAAAAAAAAAAAAAAAAA", preferences):
        assert Client().post(f"/newsletters/leave/{token}/", ONE_CLICK).status_code == 404

    assert theirs(signup.reader) == {"daily"}


def test_links_of_whoever_had_a_number_before_a_backup_came_back_are_nothing_to_whoever_has_it_now(daily, at):
    signup = signed_up(cast.fay(at), daily, at)
    leave, preferences = leave_of(signup), preferences_of(signup.reader, at)
    Reader.objects.filter(pk=signup.reader_id).update(joined_at=at + timedelta(days=1))

    with time_machine.travel(at, tick=False):
        assert Client().get(preferences).status_code == 404
        Client().post(leave, ONE_CLICK)

    assert theirs(signup.reader) == {"daily"}


def test_whoever_is_erased_or_never_signed_up_has_left(daily, at):
    answer = Client().post(path_of(links.leave_link(links.Whose(999), daily.pk)), ONE_CLICK)

    assert answer.status_code == 200
    assert "You get it no more" in text(answer)


def test_an_old_mail_still_ends_it(daily, at, noon):
    signup = signed_up(cast.sada(at), daily, at)
    noon.shift(3_000 * DAY)

    assert Client().post(leave_of(signup), ONE_CLICK).status_code == 200
    assert not theirs(signup.reader)


# What comes back by mail


@pytest.fixture
def delivery(daily, at):
    sada = cast.sada(at)
    signed_up(sada, daily, at)
    edition = Edition.objects.create(newsletter=daily, goes_on=at.date(), due_at=at, opened_at=at)
    return Delivery.objects.create(
        edition=edition, reader=sada, to=sada.email, domain="example.org", listed_at=at, due_at=at, sent_at=at
    )


def test_the_mailroom_knows_deliveries_by_their_numbers(delivery, settings, at):
    posted = coming_back.posted(delivery.pk)
    mark = Marks(settings.SECRETS).mark(posted)

    assert marks.read(mark) == Marked(Purpose.BACK, posted)
    assert posted.to == "sada@example.org"
    assert coming_back.posted(delivery.pk + 1) is None
    assert (marks.sent_between(at, at + DAY), marks.sent_between(at - DAY, at)) == (1, 0)


def test_a_mark_is_nobodys_once_its_reader_is_erased_or_its_number_is_another_s(delivery, settings, at):
    mark = Marks(settings.SECRETS).mark(coming_back.posted(delivery.pk))
    Delivery.objects.update(to="rex@example.org")
    assert marks.read(mark) is None
    Delivery.objects.update(to="sada@example.org")
    erasing.want_erased(delivery.reader, at=at)

    assert marks.read(mark) is None


def test_what_returned_is_marked_once(delivery, at):
    marks.say_returned(delivery.pk, at=at)
    marks.say_returned(delivery.pk, at=at + DAY)

    delivery.refresh_from_db()
    assert delivery.returned_at == at


def test_a_mail_to_the_address_that_a_letter_names_ends_that_newsletter(delivery, africa, at):
    signed_up(delivery.reader, africa, at)

    marks.say_left(delivery.pk, at=at)
    marks.say_left(delivery.pk + 1, at=at)

    assert theirs(delivery.reader) == {"africa"}
    assert Signup.objects.get(newsletter=delivery.edition.newsletter).ended_how == "mail"
