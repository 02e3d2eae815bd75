"""LEAKS 11, 15, 39: dossiers and briefings, as pages and by mail, tell readers what they may read, and nobody of another’s."""

from datetime import timedelta

import pytest

from broadsheet.access.terms import Audience
from broadsheet.mailroom.models import Dispatch
from broadsheet.membership.models import Reader
from broadsheet.newsroom.models import Article
from broadsheet.research.actions.briefings import send_briefings
from broadsheet.research.actions.telling import tell_of_dossiers
from broadsheet.research.ends import briefing_in, following_in
from broadsheet.research.models import Dossier, Morning
from tests.leaks.people import CAST, READERS, may_read
from tests.leaks.reading import leaks, words_in
from tests.leaks.world import AT, HIDDEN

HOUR = timedelta(hours=1)


def came_out(pieces, *, at):
    Article.objects.filter(pk__in=[piece.id for piece in pieces]).update(dated_at=at, first_published_at=at)


def own(who):
    return f"/research/dossiers/{Dossier.objects.get(reader__email=f'{who}@example.org').pk}/"


@pytest.mark.parametrize("who", READERS)
def test_11_what_was_gathered_for_somebody_is_shown_as_far_as_they_may_read_it_now(who, cast, house, world):
    answer = cast.at_the_door(who, house).get(own(who))

    assert answer.status == 200
    assert leaks(world, who, answer) == []
    assert any(not word.free for word in words_in(world, answer))  # of what is open at least


def test_11_whoever_may_read_all_of_it_sees_it(cast, house, world):
    seen = words_in(world, cast.at_the_door("sada", house).get(own("sada")))

    assert {word.article for word in seen if not word.free} >= {
        piece.name for piece in world.each(audience="members", kind="note")
    }


@pytest.mark.parametrize("who", CAST)
def test_15_another_readers_dossier_is_not_there(who, cast, house, world):
    answer = cast.at_the_door(who, house).get(own("sada" if who != "sada" else "rex"))

    assert answer.status in (303, 404)
    assert words_in(world, answer) == set()


@pytest.mark.parametrize("who", CAST)
def test_11_the_editors_dossier_quotes_to_members_alone(who, cast, house, world):
    answer = cast.at_the_door(who, house).get("/dossiers/kenya/")
    is_member = 'class="beyond"' in answer.text

    assert answer.status == 200
    paid = [word for word in words_in(world, answer) if not word.free]
    assert bool(paid) is is_member
    assert leaks(world, who, answer) == []


@pytest.mark.parametrize("who", READERS)
def test_11_a_briefing_has_free_words_alone(who, cast, house, world):
    answer = cast.at_the_door(who, house).get("/briefing/")

    assert answer.status == 200
    found = words_in(world, answer)
    assert found
    assert [str(word) for word in found if not word.free] == []


@pytest.mark.parametrize("audience", list(Audience))
def test_11_39_my_briefings_mail_has_free_words_alone_and_nothing_that_is_hidden(audience, world):
    """That day everything of this audience came out, and after it all that is hidden, which would stand first."""
    Morning.objects.all().delete()
    came_out(world.each(audience=audience), at=AT + HOUR)
    came_out(world.hidden.values(), at=AT + 2 * HOUR)
    assert send_briefings(at=AT + 23 * HOUR) == len(READERS)

    mails = list(Dispatch.objects.filter(kind="my-briefing"))
    told = {word.article for mail in mails for word in world.vocabulary.found_in(mail.text)}
    assert told >= {f"{audience} {kind}" for kind in ("briefing", "interview", "note", "report")}
    assert sorted(mail.to for mail in mails) == sorted(f"{who}@example.org" for who in READERS)
    for mail in mails:
        who = mail.to.partition("@")[0]
        said = world.vocabulary.found_in(f"{mail.subject}\n{mail.text}\n{mail.html}")
        assert [str(word) for word in said if not word.free or word.audience == HIDDEN] == []
        known, row = briefing_in(mail.headers["List-Unsubscribe"].rpartition("/end/")[2].rstrip("/>"))
        assert known
        assert row.reader.email == mail.to
        assert not [other for other in READERS if other != who and f"{other}@" in mail.text + mail.html]


def test_11_39_the_mails_tell_each_reader_what_they_may_read_and_of_nobody_else(world):
    assert tell_of_dossiers(at=AT) > len(READERS)

    for mail in Dispatch.objects.filter(kind="dossier"):
        who = mail.to.partition("@")[0]
        said = world.vocabulary.found_in(f"{mail.subject}\n{mail.text}\n{mail.html}")
        beyond = {word.article for word in said if not word.free}
        assert [name for name in beyond if not may_read(who, world.pieces[name])] == []
        ours, following = following_in(mail.headers["List-Unsubscribe"].rpartition("/end/")[2].rstrip("/>"))
        assert ours
        assert following
        assert following.reader.email == mail.to
        assert not [other for other in READERS if other != who and f"{other}@" in mail.text + mail.html]
    assert Reader.objects.filter(email__in=Dispatch.objects.filter(kind="dossier").values("to")).count() == len(READERS)
