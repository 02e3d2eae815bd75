"""LEAKS 11, 39: an alert tells each reader of what they may find, in its free words, and of nobody else's."""

import pytest

from broadsheet.library import queries
from broadsheet.library.actions.rounds import tell_due
from broadsheet.library.alerts import ending_in
from broadsheet.library.models import Alert, Candidate
from broadsheet.library.policy import Often
from broadsheet.mailroom.models import Dispatch
from broadsheet.membership.models import Reader
from tests.leaks.people import READERS, may_read
from tests.leaks.test_search import paid_word
from tests.leaks.world import AT


@pytest.fixture
def told(world):
    """Everybody looks for a word beyond the cut of each article, and each waits to be told."""
    pieces = [piece for piece in (*world.each(), *world.hidden.values()) if paid_word(world, piece)]
    alerts = {}
    for who in READERS:
        reader = Reader.objects.get(email=f"{who}@example.org")
        for piece in pieces:
            word = paid_word(world, piece)
            alert = Alert.objects.create(reader=reader, text=word, often=Often.AT_ONCE, wanted_since=AT)
            alerts[who, piece.name] = (piece, word)
            Candidate.objects.create(alert=alert, article_id=piece.id, found_at=AT)
    tell_due(at=AT, index=queries.index_here())
    return alerts


def test_11_whoever_looks_for_a_word_beyond_the_cut_is_told_where_they_may_read_it(world, told):
    mails = list(Dispatch.objects.filter(kind="alert"))
    posted = {(mail.to.partition("@")[0], mail.subject.partition(":")[0]) for mail in mails}
    hidden = {piece.name for piece in world.hidden.values()}

    expected = {(who, word) for (who, name), (piece, word) in told.items() if name not in hidden and may_read(who, piece)}
    assert len(expected) > 60
    assert posted == expected
    assert len(mails) == len(posted)


def test_11_39_a_mail_has_free_words_alone_and_nobody_elses_name_or_link(world, told):
    for mail in Dispatch.objects.filter(kind="alert"):
        asked = mail.subject.partition(":")[0]
        said = world.vocabulary.found_in(f"{mail.subject}\n{mail.text}\n{mail.html}\n{mail.headers}")

        assert [str(word) for word in said if not word.free and word.text != asked] == []
        ending = ending_in(mail.headers["List-Unsubscribe"].rpartition("/end/")[2].rstrip("/>"))
        ended = ending and ending.find()
        assert ended
        assert (ended.reader.email, ended.text) == (mail.to, asked)
        assert not [who for who in READERS if f"{who}@" in mail.text + mail.html and f"{who}@example.org" != mail.to]
