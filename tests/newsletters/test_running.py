"""From the desk to a mail server on loopback, as the worker does it."""

from datetime import date
from email import message_from_bytes, policy
from zoneinfo import ZoneInfo

import dkim
import pytest
import time_machine

from broadsheet.access.terms import Audience
from broadsheet.kit import stopping
from broadsheet.mailroom import dkim as our_dkim
from broadsheet.mailroom.models import Return
from broadsheet.membership.models import Reader
from broadsheet.newsletters import delivering, running, tasks
from broadsheet.newsletters.actions import going_out
from broadsheet.newsletters.models import Delivery, Edition, Newsletter, Signup
from tests import cast, provider
from tests.newsletters import make as made
from tests.sink import on_loopback

pytestmark = pytest.mark.django_db
KEYS = our_dkim.keys_from(our_dkim.new_key(), selectors=["s1"], domain="review.example")


@pytest.fixture
def sink(settings, tmp_path):
    with on_loopback(settings) as sink:
        settings.EMAIL_BACKEND = running.SMTP
        settings.MAIL_FROM, settings.MAIL_RETURNS_TO = "The Review <post@review.example>", "returns@review.example"
        settings.DKIM_KEYS, settings.STATE = KEYS, tmp_path
        yield sink


@pytest.fixture
def due(daily, printed, at, sink):
    printed(
        headline="Кто пьёт, кто платит — 🌊",
        audience=Audience.MEMBERS,
        body=["Free part. " * 80, "Beyond the wall stands quillwort. " * 40, "And more. " * 80],
    )
    for reader in (cast.fay(at), cast.sada(at)):
        Signup.objects.create(reader=reader, newsletter=daily, text_shown="x", asked_at=at, confirmed_at=at)
    running.make_editions(at=at, zone=ZoneInfo("Europe/London"))
    return Edition.objects.get(goes_on=date(2026, 3, 3)).due_at


def send(settings, at):
    return running.send_editions(state=settings.STATE, clock=lambda: at, until=at.replace(year=2027))


def test_each_gets_their_own_cut_signed_and_with_their_own_ways_to_leave(due, sink, settings):
    assert send(settings, due) == 2
    assert send(settings, due) == 0

    assert all(sender.startswith("returns+back-") for sender in sink.senders)
    record = our_dkim.record_of(KEYS[0]).value.encode()
    assert all(dkim.verify(raw, dnsfunc=lambda *_, **__: record) for raw in sink.raw)
    mails = {mail["To"]: mail for mail in sink.taken}
    for own, other in (("fay@example.org", "sada@example.org"), ("sada@example.org", "fay@example.org")):
        mail = mails[own]
        text = mail.get_body(("plain",)).get_content() + mail.get_body(("html",)).get_content()
        assert ("quillwort" in text) == (own == "sada@example.org")
        assert mail["Subject"] == "Кто пьёт, кто платит — 🌊"
        assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
        assert mail["List-Unsubscribe"].split(">")[0].lstrip("<") in text
        assert own in text
        assert other not in text
    assert len({mail["Message-ID"] for mail in sink.taken}) == 2
    assert Delivery.objects.exclude(sent_at=None).count() == 2


def test_answers_may_go_to_an_international_domain(due, daily, sink, settings):
    Newsletter.objects.filter(pk=daily.pk).update(reply_to="desk@журнал.рф")

    assert send(settings, due) == 2
    assert {mail["Reply-To"] for mail in sink.taken} == {"desk@xn--80alqgor.xn--p1ai"}


def test_an_edition_that_cannot_be_sent_is_paused_and_the_others_go(due, daily, sink, settings, at):
    other = made.newsletter("Another", slug="another", order=1)
    Signup.objects.create(reader=cast.fay(at), newsletter=other, text_shown="x", asked_at=at, confirmed_at=at)
    running.make_editions(at=at, zone=ZoneInfo("Europe/London"))
    Newsletter.objects.filter(pk=daily.pk).update(reply_to="редакция@review.example")

    with pytest.raises(ExceptionGroup):
        send(settings, due)

    assert [(mail["To"], "another" in mail["List-Id"]) for mail in sink.taken] == [("fay@example.org", True)]
    assert Edition.objects.get(newsletter=daily, goes_on=date(2026, 3, 3)).stopped_why.startswith(going_out.STUMBLED)
    assert send(settings, due) == 0


def test_where_the_server_is_away_all_of_it_waits(due, sink, settings):
    there, settings.EMAIL_PORT = settings.EMAIL_PORT, 1
    assert send(settings, due) == 0
    settings.EMAIL_PORT = there

    assert send(settings, due) == 2


def test_through_a_backend_of_django_s_the_same_leaves(due, settings, mailoutbox):
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"

    assert send(settings, due) == 2
    assert [mail.to for mail in mailoutbox] == [["fay@example.org"], ["sada@example.org"]]
    assert ["quillwort" in mail.body for mail in mailoutbox] == [False, True]
    assert all(mail.extra_headers["List-Unsubscribe-Post"] for mail in mailoutbox)


def test_through_a_provider_s_api_all_leave_over_one_connection(due, settings):
    with provider.on_loopback(settings) as api:
        assert send(settings, due) == 2

        assert [told["To"] for _, told in api.taken] == ["fay@example.org", "sada@example.org"]
        assert len(api.callers) == 1


@pytest.fixture
def named(daily):
    daily.from_name = "Ежедневный обзор"
    daily.save()
    return daily.from_name


def test_a_name_beyond_ascii_arrives_as_it_was_written(due, sink, settings, named):
    send(settings, due)

    assert [mail["From"].addresses[0].display_name for mail in sink.taken] == [named, named]


def test_so_does_the_publication_s_own(due, sink, settings):
    settings.MAIL_FROM, settings.PUBLICATION_NAME = "post@review.example", "Обозрение"
    send(settings, due)

    assert [mail["From"].addresses[0].display_name for mail in sink.taken] == ["Обозрение"] * 2


def test_through_a_backend_of_django_s_and_a_provider_s_api_it_arrives_too(due, settings, mailoutbox, named):
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    send(settings, due)
    read = [message_from_bytes(mail.message().as_bytes(), policy=policy.default)["From"] for mail in mailoutbox]

    assert [header.addresses[0].display_name for header in read] == [named, named]


@pytest.mark.parametrize("kind", [provider.Postmark, provider.Mailgun, provider.SparkPost, provider.Brevo])
def test_a_provider_is_told_the_name_as_it_was_written(due, settings, named, kind):
    with provider.on_loopback(settings, kind) as api:
        send(settings, due)

        assert set(api.shown) == {named}


def test_editions_take_turns_and_what_is_sent_by_hand_comes_first(due, daily, sink, settings, at, monkeypatch):
    monkeypatch.setattr(delivering, "BATCH", 1)
    breaking = made.newsletter("Breaking", slug="breaking", rhythm="by-hand")
    for reader in (cast.fay(at), cast.rex(at), cast.sada(at)):
        Signup.objects.create(reader=reader, newsletter=breaking, text_shown="x", asked_at=at, confirmed_at=at)
    made.edition(breaking, links=[made.LINK], goes_on=date(2026, 3, 3), begun=False, due_at=due, passed_at=due)

    assert send(settings, due) == 5
    names = [mail["List-Id"].partition(" ")[0] for mail in sink.taken]
    assert names == ["Breaking", "The", "Breaking", "The", "Breaking"]


def test_what_our_own_server_cannot_take_says_nothing_of_a_reader_s_address(due, daily, sink, settings, at):
    reader = Reader.objects.create(email="用户@example.org", joined_at=at)
    Signup.objects.create(reader=reader, newsletter=daily, text_shown="x", asked_at=at, confirmed_at=at)

    assert send(settings, due) == 2
    assert "SMTPUTF8" in Delivery.objects.exclude(failed_at=None).get().trouble
    assert not Return.objects.exists()


def test_a_worker_that_is_told_to_end_sends_the_letter_in_hand_and_leaves_the_rest(due, sink, settings, monkeypatch):
    monkeypatch.setattr(stopping, "is_told_to", lambda: bool(sink.taken))
    with time_machine.travel(due, tick=False):
        assert tasks.send_editions.func() == 1

    assert [(row.claim, row.tries, row.doubted_at) for row in Delivery.objects.filter(sent_at=None)] == [("", 0, None)]
