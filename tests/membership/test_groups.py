"""Groups: as many read as seats were bought, whoever may come in comes in, and whoever is out is out at once."""

from datetime import timedelta
from functools import partial

import pytest
import time_machine
from allauth.account.models import EmailAddress
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from broadsheet.access.terms import Audience, Reason
from broadsheet.mailroom.models import Dispatch
from broadsheet.membership import queries, seats
from broadsheet.membership.actions import empty_group, engage, groups, leave_groups, record_group, record_term, take_seat
from broadsheet.membership.groups import BadLines, NoDomain, NoName, addresses_in, tidy_domain, tidy_name
from broadsheet.membership.models import Reader, Reading, Revocation, Term
from broadsheet.membership.renewal import renew
from broadsheet.membership.seating import Group, Seat
from tests import cast
from tests.threads import at_once

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def noon(at):
    with time_machine.travel(at, tick=False) as clock:
        yield clock


def group_of(holder, at, *, bought=3, **paid):
    paid = {"starts_at": at, "ends_at": at + 30 * DAY, "payment": "paid"} | paid
    return record_group(reference="sub_1", holder=holder, bought=bought, at=at, **paid)


def reads(reader, at):
    fresh = Reader.objects.get(pk=reader.pk)
    return queries.holding_of(fresh, at=at, generation=queries.generation()).entitled(at)


def people(number, at, *, domain="example.net"):
    return [engage(address=f"p{n:02}@{domain}", at=at) for n in range(number)]


def link(group, at):
    groups.open_link(group, at=at)
    return seats.token_of_link(Group.objects.get(pk=group.pk))


def seat_of(reader):
    return Seat.objects.get(reader=reader, ended_at=None)


def last_link():
    """The token in the mail that was sent last."""
    return Dispatch.objects.filter(kind="group-invitation").latest("pk").text.partition("/group/join/")[2].partition("/")[0]


# Seats


def test_the_buyer_manages_and_sits_on_the_first_seat(at):
    sada = cast.fay(at)

    group = group_of(sada, at)

    assert [seat.reader for seat in seats.managers(group)] == [sada]
    assert seats.occupied(group, at=at) == 1
    assert reads(sada, at)


def test_no_seats_are_none(at):
    fay = cast.fay(at)
    group = group_of(fay, at, bought=0)

    with pytest.raises(groups.GroupEnded):
        take_seat(link(group, at), reader=cast.rex(at), at=at)

    assert not reads(fay, at)
    assert not Term.objects.exists()


def test_the_eleventh_of_ten_is_refused(at):
    group = group_of(cast.fay(at), at, bought=10)
    token = link(group, at)
    *nine, eleventh = people(10, at)
    for person in nine:
        take_seat(token, reader=person, at=at)

    with pytest.raises(groups.NoSeatLeft):
        take_seat(token, reader=eleventh, at=at)

    assert all(reads(person, at) for person in nine)
    assert not reads(eleventh, at)


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_twelve_at_once_for_the_last_three_seats_are_three(at):
    group = group_of(cast.fay(at), at, bought=4)
    token = link(group, at)

    def sit(person):
        try:
            return take_seat(token, reader=person, at=at)
        except groups.NoSeatLeft:
            return None

    seated = at_once([partial(sit, person) for person in people(12, at)])

    assert sum(answer is not None for answer in seated) == 3
    assert seats.taken(group).count() == 4
    assert Term.objects.filter(source="seat").count() == 4


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_an_invitation_answered_twice_at_once_seats_one(at):
    group = group_of(cast.fay(at), at)
    rex = cast.rex(at)
    groups.invite(group, pasted="rex@example.org", at=at)
    token = last_link()

    def sit():
        try:
            return take_seat(token, reader=rex, at=at)
        except groups.WaySpent:
            return None

    answers = at_once([sit] * 6)

    assert sum(answer is not None for answer in answers) == 1
    assert seats.taken(group).count() == 2


def test_taking_a_seat_twice_takes_one(at):
    group = group_of(cast.fay(at), at)
    token, rex = link(group, at), cast.rex(at)

    take_seat(token, reader=rex, at=at)
    take_seat(token, reader=rex, at=at)

    assert seats.taken(group).count() == 2


def test_where_fewer_are_bought_than_taken_the_newest_rest_until_there_are_seats_again(at):
    fay, (first, second) = cast.fay(at), people(2, at)
    token = link(group_of(fay, at), at)
    take_seat(token, reader=first, at=at + DAY)
    take_seat(token, reader=second, at=at + 2 * DAY)
    later = at + 3 * DAY

    group_of(fay, later, bought=2, starts_at=at)
    assert [reads(person, later) for person in (fay, first, second)] == [True, True, False]

    group_of(fay, later, bought=3, starts_at=at)
    assert reads(second, later)


def test_a_seat_follows_what_pays_for_it(at):
    fay, rex = cast.fay(at), cast.rex(at)
    group = group_of(fay, at)
    take_seat(link(group, at), reader=rex, at=at)

    group_of(fay, at, payment="past_due", ends_at=at + DAY)
    assert reads(rex, at + 5 * DAY)
    assert not reads(rex, at + 9 * DAY)

    empty_group("sub_1", at=at)
    assert not reads(rex, at)
    assert seats.taken(group).count() == 2


@pytest.mark.postgres
def test_a_large_team_ends_by_as_many_queries_as_a_small_one_and_its_mails_wait(at, django_assert_num_queries):
    small, large = (group_of_many(number, at) for number in (3, 12))

    with CaptureQueriesContext(connection) as of_small:
        end(small, at)
    with django_assert_num_queries(len(of_small)):
        end(large, at)

    assert not Dispatch.objects.filter(kind="seat-ends").exists()
    assert not any(reads(seat.reader, at) for seat in seats.taken(large))
    assert Revocation.objects.filter(why="seats changed").values("reader_id").distinct().count() == 15


@pytest.mark.postgres
@pytest.mark.parametrize("ending", [lambda group, seat, at: end(group, at), lambda _, seat, at: leave_groups(seat.reader, at=at)])
def test_whoever_holds_the_revocations_waits_for_no_term(at, ending):
    """Else a year that is redeemed meanwhile, which holds its term and waits for them, would wait for ever."""
    group = group_of_many(3, at)
    for seat in seats.taken(group):
        year = {"starts_at": at + DAY, "ends_at": at + 366 * DAY, "reference": f"given year {seat.pk}"}
        record_term(reader=seat.reader, source=Term.Source.GIFT, at=at, **year)

    with CaptureQueriesContext(connection) as asked:
        ending(group, seats.taken(group).last(), at)

    tables = [("kit_counter" in each["sql"], "membership_term" in each["sql"]) for each in asked]
    assert max(place for place, (_, term) in enumerate(tables) if term) < min(
        place for place, (counter, _) in enumerate(tables) if counter
    )


def group_of_many(number, at):
    holder, *others = people(number, at, domain=f"of{number}.example.net")
    paid = {"bought": number, "starts_at": at - DAY, "ends_at": at + DAY, "payment": "paid", "at": at}
    group = record_group(reference=f"sub of {number}", holder=holder, **paid)
    for other in others:
        take_seat(link(group, at), reader=other, at=at)
    return group


def end(group, at):
    holder = seats.managers(group).get().reader
    paid = {"bought": group.bought, "starts_at": group.starts_at, "ends_at": at, "payment": "paid", "at": at}
    record_group(reference=group.reference, holder=holder, **paid)


def test_nothing_new_revokes_nothing(at):
    fay = cast.fay(at)
    group_of(fay, at)
    before = Revocation.objects.count()

    group_of(fay, at)

    assert Revocation.objects.count() == before


# Out


def test_a_removed_member_is_out_at_the_next_request(at):
    rex = cast.rex(at)
    group = group_of(cast.fay(at), at)
    take_seat(link(group, at), reader=rex, at=at)
    key = cast.log_in(rex).cookies["session"].value

    def served():
        return renew({"HTTP_COOKIE": f"session={key}"}, None, Audience.MEMBERS).a_pass

    assert served().entitled_until
    generation = queries.generation()

    groups.end_seat(seat_of(rex), removed=True, at=at)

    assert Revocation.objects.filter(change__gt=generation, reader_id=rex.pk).exists()
    assert not served().entitled_until


def test_who_is_removed_while_a_payment_is_late_is_out_too(at):
    fay, rex = cast.fay(at), cast.rex(at)
    take_seat(link(group_of(fay, at), at), reader=rex, at=at)
    group_of(fay, at, payment="past_due", ends_at=at + DAY)

    groups.end_seat(seat_of(rex), removed=True, at=at + 2 * DAY)

    assert not reads(rex, at + 2 * DAY)


def test_whoever_was_removed_comes_back_by_an_invitation_only(at):
    fay, rex = cast.fay(at), cast.rex(at)
    group = group_of(fay, at)
    token = link(group, at)
    groups.add_domain(group, typed="example.org", by=fay)
    take_seat(token, reader=rex, at=at)
    groups.end_seat(seat_of(rex), removed=True, at=at)

    for way in (token, seats.token_of_domain(group)):
        with pytest.raises(groups.NotForThem):
            take_seat(way, reader=rex, at=at)
    assert seats.offered_to(rex, at=at) == []

    groups.invite(group, pasted="rex@example.org", at=at)
    take_seat(last_link(), reader=rex, at=at)
    assert reads(rex, at)


def test_a_seat_that_was_left_lets_the_next_who_rests_read(at):
    fay, (first, second) = cast.fay(at), people(2, at)
    token = link(group_of(fay, at), at)
    take_seat(token, reader=first, at=at)
    take_seat(token, reader=second, at=at + DAY)
    group_of(fay, at, bought=2)

    groups.end_seat(seat_of(first), removed=False, at=at + DAY)

    assert reads(second, at + DAY)


# Managers


def test_a_group_always_has_a_manager(at):
    fay = cast.fay(at)
    group_of(fay, at)

    for ending in (lambda seat: groups.end_seat(seat, removed=False, at=at), lambda seat: groups.end_management(seat, at=at)):
        with pytest.raises(groups.LastManager):
            ending(seat_of(fay))


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_two_managers_who_leave_at_once_leave_one(at):
    fay, rex = cast.fay(at), cast.rex(at)
    group = group_of(fay, at)
    take_seat(link(group, at), reader=rex, at=at)
    groups.make_manager(seat_of(rex), at=at)

    def leave(reader):
        try:
            groups.end_management(seat_of(reader), at=at)
        except groups.LastManager:
            return False
        return True

    assert sorted(at_once([partial(leave, fay), partial(leave, rex)])) == [False, True]
    assert seats.managers(group).count() == 1


def test_management_is_handed_over(at):
    fay, rex = cast.fay(at), cast.rex(at)
    group = group_of(fay, at)
    take_seat(link(group, at), reader=rex, at=at)

    groups.make_manager(seat_of(rex), at=at)
    groups.end_management(seat_of(fay), at=at)

    assert [seat.reader for seat in seats.managers(group)] == [rex]
    assert list(seats.managed_by(fay)) == []
    assert reads(fay, at)
    (told, over) = Dispatch.objects.filter(kind="group-manager").order_by("pk")
    assert (told.to, over.to) == (rex.email, fay.email)
    assert "You are now a manager" in told.text
    assert "no longer a manager" in over.text


def test_who_manages_already_is_told_nothing(at):
    group_of(fay := cast.fay(at), at)

    groups.make_manager(seat_of(fay), at=at)

    assert not Dispatch.objects.filter(kind="group-manager").exists()


def test_a_manager_may_give_the_seat_up_and_manage_on(at):
    fay = cast.fay(at)
    group = group_of(fay, at)

    groups.stand_up(seat_of(fay), at=at)
    assert not reads(fay, at)
    assert seats.occupied(group, at=at) == 0
    assert list(seats.managed_by(fay)) == [group]

    groups.sit_down(seat_of(fay), at=at)
    assert reads(fay, at)


def test_who_sits_longest_manages_when_the_only_manager_goes(at):
    fay, (first, second) = cast.fay(at), people(2, at)
    group = group_of(fay, at)
    token = link(group, at)
    take_seat(token, reader=second, at=at)
    take_seat(token, reader=first, at=at + DAY)

    leave_groups(fay, at=at + 2 * DAY)

    assert [seat.reader for seat in seats.managers(group)] == [second]
    assert not reads(fay, at + 2 * DAY)


@pytest.mark.parametrize("erase", [lambda fay: fay.delete(), lambda fay: Seat.objects.filter(reader=fay).delete()])
def test_a_group_keeps_a_manager_when_the_only_one_s_account_is_erased(at, erase):
    fay, rex = cast.fay(at), cast.rex(at)
    group = group_of(fay, at)
    take_seat(link(group, at), reader=rex, at=at)

    erase(fay)

    assert [seat.reader for seat in seats.managers(group)] == [rex]
    assert Term.objects.count() == 1


def test_a_group_goes_with_all_of_its_seats(at):
    group_of(cast.fay(at), at).delete()

    assert not Seat.objects.exists()


# Invitations


def test_an_invitation_answers_the_same_for_known_and_unknown_addresses(at):
    cast.rex(at)
    group = group_of(cast.fay(at), at)

    groups.invite(group, pasted="rex@example.org\nnobody@example.org", at=at)

    known, unknown = seats.people_of(group, at=at)[1:]
    assert (known.address, unknown.address) == ("rex@example.org", "nobody@example.org")
    assert (known.seat.reader, unknown.seat.reader) == (None, None)
    assert Dispatch.objects.filter(kind="group-invitation").count() == 2


def test_an_invitation_keeps_a_seat_until_it_expires(at):
    group = group_of(cast.fay(at), at, bought=2)
    groups.invite(group, pasted="una@example.org", at=at)
    token, rex = link(group, at), cast.rex(at)

    with pytest.raises(groups.NoSeatLeft):
        take_seat(token, reader=rex, at=at + 13 * DAY)

    take_seat(token, reader=rex, at=at + 14 * DAY)
    assert reads(rex, at + 14 * DAY)


@pytest.mark.parametrize("what", ["used", "expired", "withdrawn", "sent again", "forged"])
def test_an_invitation_opens_once_and_for_a_while(at, what):
    rex = cast.rex(at)
    group = group_of(cast.fay(at), at)
    (seat,) = groups.invite(group, pasted="rex@example.org", at=at)
    token, then = last_link(), at
    match what:
        case "used":
            take_seat(token, reader=rex, at=at)
        case "expired":
            then = at + 14 * DAY
        case "withdrawn":
            groups.end_seat(seat, removed=False, at=at)
        case "sent again":
            groups.invite_again(seat, at=at)
        case "forged":
            token = token.replace(str(seat.pk), str(seat.pk + 1), 1)

    with pytest.raises(groups.WaySpent):
        take_seat(token, reader=rex, at=then)


def test_a_forwarded_invitation_seats_nobody_else(at):
    group = group_of(cast.fay(at), at)
    groups.invite(group, pasted="una@example.org", at=at)

    with pytest.raises(groups.NotForThem):
        take_seat(last_link(), reader=cast.rex(at), at=at)


def test_a_link_that_was_ended_or_renewed_invites_nobody(at):
    group, rex = group_of(cast.fay(at), at), cast.rex(at)
    first = link(group, at)
    second = link(group, at + DAY)
    groups.close_link(group)

    for token in (first, second):
        with pytest.raises(groups.WaySpent):
            take_seat(token, reader=rex, at=at + DAY)


def test_a_list_with_a_bad_line_invites_nobody_and_names_every_bad_line(at):
    group = group_of(cast.fay(at), at, bought=10)
    pasted = 'E-mail;Name\nuna@example.org;Una\nno address\n\n"Una@Example.org",twice\nfay@example.org\nlena@example.org'

    with pytest.raises(BadLines) as trouble:
        groups.invite(group, pasted=pasted, at=at)

    assert [(line.number, line.why) for line in trouble.value.lines] == [
        (3, "is not an e-mail address"),
        (6, "has a seat already"),
    ]
    assert not Dispatch.objects.filter(kind="group-invitation").exists()
    assert seats.occupied(group, at=at) == 1


def test_an_address_that_stands_twice_is_invited_once(at):
    group = group_of(cast.fay(at), at, bought=3)

    groups.invite(group, pasted="una@example.org, Una@Example.org\nlena@example.org\nuna@example.org", at=at)

    assert {mail.to for mail in Dispatch.objects.filter(kind="group-invitation")} == {"una@example.org", "lena@example.org"}
    assert seats.occupied(group, at=at) == 3


@pytest.mark.parametrize(
    ("pasted", "named"),
    [
        ("una@example.org, lena@example", "<li>“lena@example”, is not"),
        ("una@example.org\nlena@example", "<li>Line 2, “lena@example”, is not"),
    ],
)
def test_a_list_on_one_line_names_the_bad_word_and_no_line(at, pasted, named):
    fay = cast.fay(at)
    group = group_of(fay, at)

    answer = cast.log_in(fay).post("/account/group/", {"group": group.pk, "invite": "yes", "name": "Us", "addresses": pasted})

    assert named in answer.content.decode()


def test_where_no_seat_is_left_nobody_is_offered_to_invite(at):
    fay = cast.fay(at)
    group_of(fay, at, bought=1)

    page = cast.log_in(fay).get("/account/group/").content.decode()

    assert "No seat is left." in page
    assert 'name="invite"' not in page


def test_a_list_longer_than_the_seats_invites_nobody(at):
    group = group_of(cast.fay(at), at)

    with pytest.raises(groups.NoSeatLeft):
        groups.invite(group, pasted="a@example.org\nb@example.org\nc@example.org", at=at)

    assert seats.occupied(group, at=at) == 1


def test_nobody_floods_inboxes_by_inviting_and_withdrawing(at):
    group = group_of(cast.fay(at), at)

    for number in range(20):
        (seat,) = groups.invite(group, pasted=f"x{number}@example.org", at=at)
        groups.end_seat(seat, removed=False, at=at)

    with pytest.raises(groups.TooManyInvitations):
        groups.invite(group, pasted="x@example.org", at=at)

    assert Dispatch.objects.filter(kind="group-invitation").count() == 20


def test_a_list_of_addresses_is_read_from_a_spreadsheet_s_columns():
    good, bad = addresses_in("\ufeffx@example.org\tX\r\n".lstrip("\ufeff") + "'y@example.org', Y\n;;\n")

    assert [line.address for line in good] == ["x@example.org", "y@example.org"]
    assert bad == []


@pytest.mark.parametrize(
    "pasted",
    [
        "pia@example.org, qed@example.org",
        "pia@example.org; qed@example.org",
        "pia@example.org qed@example.org",
        "Pia Muster <pia@example.org>, Q. Ed <qed@example.org>",
        "pia@example.org\tPia\nqed@example.org,Q. Ed,Sales",
    ],
)
def test_addresses_are_taken_as_people_write_them(pasted):
    good, bad = addresses_in(pasted)

    assert [line.address for line in good] == ["pia@example.org", "qed@example.org"]
    assert bad == []


def test_what_was_to_be_an_address_is_said(at):
    bad = addresses_in("pia@example.org, qed.example.org\nrex@, una\nNobody")[1]

    assert [(line.number, line.text) for line in bad] == [(1, "qed.example.org"), (2, "rex@"), (3, "Nobody")]


def test_an_uploaded_list_invites_and_an_old_invitation_is_counted_no_more(at, noon):
    fay = cast.fay(at)
    group_of(fay, at, bought=4)
    browser = cast.log_in(fay)
    file = SimpleUploadedFile("team.csv", "\ufeffE-mail;Name\r\npia@example.org;Pia\r\nqed@example.org;\r\n".encode())

    browser.post("/account/group/", {"invite": "yes", "name": "The Desk", "list": file}, **cast.OURS)

    assert "1 of 4 seats taken, 2 invited" in browser.get("/account/group/").content.decode()
    noon.shift(20 * DAY)
    assert "seats taken." in cast.log_in(fay).get("/account/group/").content.decode()


# Domains


@pytest.mark.parametrize(
    ("address", "offered"),
    [
        ("a@uni.edu", True),
        ("a@UNI.edu", True),
        ("a@cs.uni.edu", False),
        ("a@uni.edu.evil.com", False),
        ("a@evil-uni.edu", False),
        ("uni.edu@evil.com", False),
    ],
)
def test_a_domain_is_exactly_itself(at, address, offered):
    dean, student = engage(address="dean@uni.edu", at=at), engage(address=address, at=at)
    group = group_of(dean, at)
    groups.add_domain(group, typed="@Uni.edu", by=dean)

    assert seats.offered_to(student, at=at) == ([group] if offered else [])
    if offered:
        take_seat(seats.token_of_domain(group), reader=student, at=at)
    else:
        with pytest.raises(groups.NotForThem):
            take_seat(seats.token_of_domain(group), reader=student, at=at)
    assert reads(student, at) is offered


def test_only_a_verified_address_counts(at):
    dean, rex = engage(address="dean@uni.edu", at=at), cast.rex(at)
    group = group_of(dean, at)
    groups.add_domain(group, typed="uni.edu", by=dean)
    EmailAddress.objects.create(user=rex, email="rex@uni.edu", verified=False)

    with pytest.raises(groups.NotForThem):
        take_seat(seats.token_of_domain(group), reader=rex, at=at)

    EmailAddress.objects.filter(user=rex).update(verified=True)
    take_seat(seats.token_of_domain(group), reader=rex, at=at)
    assert reads(rex, at)


def test_a_manager_names_domains_of_their_own_addresses_only(at):
    fay = cast.fay(at)

    with pytest.raises(NoDomain):
        groups.add_domain(group_of(fay, at), typed="uni.edu", by=fay)


@pytest.mark.parametrize("typed", ["gmail.com", "uni", "", "uni edu", "http://uni.edu", "a@b@c", "-.edu"])
def test_what_is_no_domain_of_a_group(typed):
    with pytest.raises(NoDomain):
        tidy_domain(typed)


@pytest.mark.parametrize("typed", ["", " ", "x" * 81, "Win at evil.com", "https://x", "a@b", "see www.evil", "evil.com"])
def test_what_is_no_name_of_a_group(typed):
    with pytest.raises(NoName):
        tidy_name(typed)


@pytest.mark.parametrize("typed", ["The U.S. desk", "  Mission   to the UN ", "Sankt-Gallen Review, Bern", "Desk: Africa"])
def test_what_is_a_name_of_a_group(typed):
    assert tidy_name(typed) == " ".join(typed.split())


# Doors


def test_a_manager_sees_counts_and_no_titles(at, noon):
    fay, rex = cast.fay(at), cast.rex(at)
    group = group_of(fay, at)
    take_seat(link(group, at), reader=rex, at=at)
    for number, (when, reason) in enumerate(
        [(at - DAY, Reason.ENTITLED), (at, Reason.ENTITLED), (at + DAY, Reason.ENTITLED), (at, Reason.SPENT)]
    ):
        Reading.objects.create(key=str(number), story="a-secret-story", reader_id=rex.pk, reason=reason, read_at=when)
    noon.move_to(at + 2 * DAY)

    shown = cast.log_in(fay).get("/account/group/").content.decode()

    (person,) = [each for each in seats.people_of(group, at=at + 2 * DAY) if each.seat.reader == rex]
    assert person.readings == (2, 0)
    assert "rex@example.org" in shown
    assert "a-secret-story" not in shown


def test_a_group_s_page_is_for_its_managers(at):
    rex = cast.rex(at)
    group = group_of(cast.fay(at), at)
    take_seat(link(group, at), reader=rex, at=at)

    for method in ("get", "post"):
        answer = getattr(cast.log_in(rex), method)(f"/account/group/?group={group.pk}", {"group": group.pk, "close-link": "yes"})
        assert (answer.status_code, answer["Location"]) == (303, "/account/")
    assert Group.objects.get().link_opened_at
    assert "the subscription of" in cast.log_in(rex).get("/account/").content.decode()


def test_a_manager_changes_no_other_group(at):
    fay, rex = cast.fay(at), cast.rex(at)
    group_of(fay, at)
    record_group(reference="sub_2", holder=rex, bought=2, starts_at=at, ends_at=None, payment="paid", at=at)

    cast.log_in(rex).post("/account/group/", {"remove": seat_of(fay).pk})

    assert reads(fay, at)


def test_a_manager_s_buttons(at):
    fay, rex = cast.fay(at), cast.rex(at)
    group, browser = group_of(fay, at), cast.log_in(fay)

    def press(**form):
        return browser.post("/account/group/", {"group": group.pk, **form}).status_code

    assert press(invite="yes", addresses="rex@example.org") == 303
    assert press(invite="yes", addresses="rex@example.org\nnonsense") == 422
    assert press(rename="yes", name="The Fenwick desk") == 303
    assert press(rename="yes", name="evil.com") == 422
    assert press(**{"open-link": "yes"}) == 303
    assert press(**{"add-domain": "yes", "domain": "example.org"}) == 303
    assert press(**{"remove-domain": "example.org"}) == 303
    assert press(**{"end-management": seat_of(fay).pk}) == 422
    take_seat(last_link(), reader=rex, at=at)
    assert press(**{"make-manager": seat_of(rex).pk}) == 303
    assert press(remove=seat_of(rex).pk) == 303
    assert press(remove="9" * 30) == 303
    assert not reads(rex, at)
    assert Group.objects.get().name == "The Fenwick desk"


@pytest.mark.postgres
def test_a_new_group_is_named_with_its_first_invitation(at):
    fay = cast.fay(at)
    group, browser = group_of(fay, at), cast.log_in(fay)
    asked = 'name="name"'

    assert browser.get("/account/group/").content.decode().count(asked) == 2
    browser.post(
        "/account/group/", {"group": group.pk, "invite": "yes", "name": "The Fenwick desk", "addresses": "rex@example.org"}
    )

    assert "The Fenwick desk keeps a seat for you" in Dispatch.objects.get(kind="group-invitation").text
    assert browser.get("/account/group/").content.decode().count(asked) == 1


@pytest.mark.parametrize(
    ("address", "name"),
    [("maria.rossi-2@example.org", "Maria Rossi’s group"), ("desk@example.org", "Desk’s group"), ("77@example.org", "A group")],
)
def test_until_then_it_is_called_after_whoever_bought_it(at, address, name):
    assert group_of(engage(address=address, at=at), at).name == name


def test_a_name_is_not_taken_where_nobody_could_be_invited(at):
    fay = cast.fay(at)
    group = group_of(fay, at)

    cast.log_in(fay).post(
        "/account/group/", {"group": group.pk, "invite": "yes", "name": "The Fenwick desk", "addresses": "nonsense"}
    )

    assert Group.objects.get().name != "The Fenwick desk"


def test_an_invitation_says_who_invites_and_spares_typing_the_address(at):
    fay = cast.fay(at)
    Reader.objects.filter(pk=fay.pk).update(first_name="Fay", last_name="Fenwick")
    group = group_of(fay, at)
    browser = cast.log_in(fay)
    browser.post("/account/group/", {"group": group.pk, "invite": "yes", "addresses": "rex@example.org"})
    path, stranger = f"/group/join/{last_link()}/", cast.browser()

    assert "Fay Fenwick invites you." in Dispatch.objects.get(kind="group-invitation").text
    assert "Fay Fenwick invites you." in stranger.get(path).content.decode()
    door = stranger.post(path)["Location"]
    assert 'value="rex@example.org"' in stranger.get(door).content.decode()
    assert "rex@example.org" not in door


def test_a_manager_without_a_name_fit_for_a_mail_is_named_by_the_address(at):
    fay = cast.fay(at)
    Reader.objects.filter(pk=fay.pk).update(first_name="win.example")

    assert seats.name_of(Reader.objects.get(pk=fay.pk)) == "fay@example.org"


def test_a_list_may_be_a_file(at, tmp_path):
    fay = cast.fay(at)
    group = group_of(fay, at)
    (tmp_path / "people.csv").write_text("\ufeffemail,name\nuna@example.org,Una\n", encoding="utf-8")

    with (tmp_path / "people.csv").open("rb") as file:
        cast.log_in(fay).post("/account/group/", {"group": group.pk, "invite": "yes", "list": file})

    assert [each.address for each in seats.people_of(group, at=at)] == ["fay@example.org", "una@example.org"]


def test_the_door_of_an_invitation_waits_for_its_button_and_for_the_code(at):
    group = group_of(cast.fay(at), at)
    groups.rename_group(group, name="The Fenwick desk")
    groups.invite(group, pasted="rex@example.org", at=at)
    path = f"/group/join/{last_link()}/"
    stranger = cast.browser()

    looked = stranger.get(path)
    assert "The Fenwick desk" in looked.content.decode()
    assert "no-store" in looked["Cache-Control"]
    assert looked["Referrer-Policy"] == "same-origin"
    assert "noindex" in looked.content.decode()
    assert stranger.post(path)["Location"].startswith("/join/?next=%2Fgroup%2Fjoin%2F")

    rex = cast.rex(at)
    browser = cast.log_in(rex)
    browser.get(path)
    assert not reads(rex, at)
    assert browser.post(path)["Location"] == "/account/#reading"
    assert reads(rex, at)
    assert browser.post(path).status_code == 404


def test_a_member_leaves_by_the_account(at):
    rex = cast.rex(at)
    group = group_of(cast.fay(at), at)
    take_seat(link(group, at), reader=rex, at=at)

    cast.log_in(rex).post("/account/group/", {"leave": seat_of(rex).pk})

    assert not reads(rex, at)


# A charge that failed


def test_a_member_is_told_that_the_group_s_payment_failed_and_who_can_mend_it(at):
    sada, lena = cast.sada(at), cast.lena(at)
    Term.objects.filter(reader=sada).delete()
    group = group_of(sada, at)
    take_seat(link(group, at), reader=lena, at=at)
    group_of(sada, at, starts_at=at - 2 * DAY, ends_at=at - DAY, payment="past_due")

    member, manager = (cast.log_in(who).get("/account/").content.decode() for who in (lena, sada))

    assert "Sada, who manages it, can put it right." in member
    assert "See to the payment" not in member
    assert "The last payment failed" not in member
    assert "Whoever of its managers pays for it can put it right." in manager
    assert "See to the payment" in manager


def test_whose_own_charge_failed_is_told_of_that(at):
    sada, pasha = cast.sada(at), cast.pasha(at)
    take_seat(link(group_of(sada, at), at), reader=pasha, at=at)
    group_of(sada, at, starts_at=at - 9 * DAY, ends_at=at - 8 * DAY, payment="past_due")

    assert "The last payment failed. You still read everything" in cast.log_in(pasha).get("/account/").content.decode()
