"""What becomes of a message at servers of every temper, on loopback."""

import pytest

from broadsheet.mailroom.mould import Mould, place
from broadsheet.mailroom.smtp_lane import Fate, NoServer, Outcome, Server, SmtpLane, Step
from tests.mailroom.tempers import a_certificate, a_server

SENDER = "returns+back-1-x@review.example"
MESSAGE = b"Subject: The Daily\r\n\r\nGood morning.\r\n"


@pytest.fixture(params=[True, False], ids=["pipelining", "one by one"])
def server(request):
    with a_server(pipelining=request.param) as temper:
        yield temper


def sent(server, to="fay@example.org", *, sender=SENDER, message=MESSAGE) -> Outcome:
    return server.lane.send(sender=sender, to=to, message=message)


def test_messages_go_over_one_connection(server):
    outcomes = [sent(server, f"reader-{number}@example.org") for number in range(5)]

    assert {outcome.fate for outcome in outcomes} == {Fate.ACCEPTED}
    assert outcomes[0] == Outcome(Fate.ACCEPTED, Step.BODY, 250, "2.0.0 taken")
    assert [to for to, _ in server.taken] == [f"reader-{number}@example.org" for number in range(5)]
    assert server.connections == 1


@pytest.mark.parametrize("pipelining", [True, False])
def test_a_server_is_run_ahead_of_only_where_it_takes_pipelining(pipelining):
    with a_server(pipelining=pipelining) as server:
        for _ in range(5):
            sent(server)

        assert server.ran_ahead is pipelining


@pytest.mark.parametrize(
    "message",
    [
        MESSAGE,
        b"Subject: x\r\n\r\n.\r\n..\r\n.dot\r\n",
        b".first: x\r\n\r\nx\r\n",
        b"Subject: x\r\n\r\n" + b"x" * 900 + b"\r\n",
        b"Subject: x\r\n\r\n\r\n\r\n",
    ],
)
def test_a_message_arrives_as_it_was_handed_in(server, message):
    sent(server, message=message)

    assert server.taken == [("fay@example.org", message)]


@pytest.mark.parametrize("text", ["Good morning.", ".\n..\n.dot", "x" * 4_000_000], ids=["short", "dots", "four megabytes"])
def test_a_cast_arrives_in_one_piece(text):
    with a_server(most=10_000_000) as server:
        mould = Mould(subject="The Daily", text=text, html=place("own"), headers={}, places=frozenset({"own"}))
        cast = mould.cast({"To": "fay@example.org"}, {"own": "Fay's"})
        sent(server, message=cast)

        assert server.taken == [("fay@example.org", bytes(cast))]


@pytest.mark.parametrize(
    ("told", "step", "expected"),
    [
        ("450", Step.RECIPIENT, Outcome(Fate.LATER, Step.RECIPIENT, 450, "the server's words")),  # greylisting
        ("550", Step.RECIPIENT, Outcome(Fate.REFUSED, Step.RECIPIENT, 550, "the server's words")),
        ("421", Step.RECIPIENT, Outcome(Fate.LATER, Step.RECIPIENT, 421, "the server's words")),
        ("451", Step.BODY, Outcome(Fate.LATER, Step.BODY, 451, "the server's words")),
        ("554", Step.BODY, Outcome(Fate.REFUSED, Step.BODY, 554, "the server's words")),
        ("421", Step.BODY, Outcome(Fate.LATER, Step.BODY, 421, "the server's words")),
        ("354", Step.BODY, Outcome(Fate.UNKNOWN, Step.BODY, 354, "the server's words")),
    ],
)
def test_what_a_server_answers_is_what_becomes_of_a_message_and_the_next_one_goes(server, told, step, expected):
    where = {Step.RECIPIENT: "rcpt", Step.BODY: "body"}[step]

    assert sent(server, f"{told}-at-{where}@example.org") == expected
    assert sent(server).fate is Fate.ACCEPTED
    assert [to for to, _ in server.taken] == ["fay@example.org"]


@pytest.mark.parametrize(("told", "fate"), [("450", Fate.LATER), ("550", Fate.REFUSED), ("421", Fate.LATER), ("354", Fate.LATER)])
def test_a_refused_sender_says_nothing_of_the_address(server, told, fate):
    outcome = sent(server, sender=f"{told}-at-mail@review.example")

    assert (outcome.fate, outcome.step, outcome.code) == (fate, Step.SENDER, int(told))
    assert sent(server).fate is Fate.ACCEPTED


@pytest.mark.parametrize("told", ["450", "550"])
def test_a_refusal_is_taken_back_before_the_next_message(server, told):
    sent(server, f"{told}-at-rcpt@example.org")
    sent(server)

    assert server.heard.count("RSET") == 1
    assert server.connections == 1


@pytest.mark.parametrize(("step", "fate"), [("rcpt", Fate.LATER), ("body", Fate.UNKNOWN)])
def test_a_connection_that_is_lost(server, step, fate):
    """Before the body nothing was taken; after it nobody knows."""
    outcome = sent(server, f"hangs-up-at-{step}@example.org")

    assert (outcome.fate, outcome.code) == (fate, 0)
    assert "Connection" in outcome.words
    assert sent(server).fate is Fate.ACCEPTED


@pytest.mark.parametrize("told", ["hangs-up", "421"])
def test_a_kept_connection_that_is_gone_is_made_anew_for_the_same_message(server, told):
    sent(server)

    assert sent(server, f"once-{told}-at-rcpt@example.org").fate is Fate.ACCEPTED
    assert server.connections == 2
    assert len(server.taken) == 2


def test_what_may_have_been_taken_is_not_sent_again(server):
    sent(server)

    assert sent(server, "hangs-up-at-body@example.org").fate is Fate.UNKNOWN
    assert server.heard == ["MAIL SIZE=37", "MAIL SIZE=37"]


def test_an_address_beyond_ascii_goes_where_it_is_taken(server):
    assert (
        sent(server, "用户@xn--fsqu00a.example", message="To: 用户@xn--fsqu00a.example\r\n\r\nx\r\n".encode()).fate
        is Fate.ACCEPTED
    )
    assert server.heard == ["MAIL SIZE=37 BODY=8BITMIME SMTPUTF8"]
    assert sent(server).fate is Fate.ACCEPTED
    assert server.heard[1] == "MAIL SIZE=37"


def test_an_address_beyond_ascii_is_refused_where_it_is_not():
    with a_server(smtputf8=False) as server:
        outcome = sent(server, "用户@xn--fsqu00a.example")

        assert (outcome.fate, outcome.step, outcome.code) == (Fate.REFUSED, Step.SENDER, 553)
        assert server.heard == []


def test_a_message_that_is_too_large_is_not_even_begun():
    with a_server(most=10) as server:
        outcome = sent(server)

        assert (outcome.fate, outcome.step, outcome.code) == (Fate.REFUSED, Step.SENDER, 552)
        assert server.heard == []


def test_a_server_that_is_away_takes_no_message():
    lane = SmtpLane(Server("127.0.0.1", 1, timeout=5))

    with pytest.raises(NoServer, match="refused"):
        lane.send(sender=SENDER, to="fay@example.org", message=MESSAGE)


def test_a_server_that_wants_another_log_in_takes_no_message(server):
    with pytest.raises(NoServer, match="535"):
        a_lane(server, user="review", password="wrong").open()


def a_lane(server, **more) -> SmtpLane:
    return SmtpLane(Server("127.0.0.1", server.lane._server.port, hello="test.example", timeout=5, **more))


def test_a_log_in_is_shown_to_the_server():
    with a_server(user="review") as server, a_lane(server, user="review", password="right") as lane:
        assert lane.send(sender=SENDER, to="fay@example.org", message=MESSAGE).fate is Fate.ACCEPTED


def test_no_log_in_goes_to_a_server_that_nobody_vouches_for(tmp_path):
    with a_server(user="review", tls=a_certificate(tmp_path)) as server:
        with pytest.raises(NoServer, match="certificate"):
            a_lane(server, user="review", password="right", starttls=True).open()

        assert server.shown == []


def test_where_tls_is_wanted_nothing_goes_without(server):
    with pytest.raises(NoServer, match="STARTTLS"):
        a_lane(server, starttls=True).open()


@pytest.mark.parametrize(
    "bent", ["fay@example.org>\r\nRCPT TO:<all@evil.example", "fay@example.org> SIZE=1", "a b@example.org", "a\n"]
)
def test_an_address_cannot_say_a_command_of_its_own(server, bent):
    with pytest.raises(ValueError, match="command"):
        sent(server, bent)
    with pytest.raises(ValueError, match="command"):
        sent(server, sender=bent)

    assert server.heard == []
