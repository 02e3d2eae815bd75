"""The thread that keeps the index up goes on where another left off, and ends when it is told to."""

import threading

import pytest
from django.test import override_settings

from broadsheet.access.terms import Audience
from broadsheet.library import follower
from broadsheet.library.catching_up import catch_up, folder
from broadsheet.library.embedding import Embedding
from broadsheet.library.keeping import BeingWritten, Reader, current, load_model, the_writer
from broadsheet.library.queries import search
from broadsheet.library.sight import EVERYTHING
from broadsheet.newsroom.models import Article
from broadsheet.press.actions import press
from tests import make


@pytest.mark.django_db(transaction=True)
def test_what_is_pressed_is_soon_found(tmp_path, at, monkeypatch):
    monkeypatch.setattr(follower, "has_meaning", lambda: False)
    stopping = threading.Event()
    with override_settings(STATE=tmp_path):
        make.site()
        article = make.article(headline="Coup in Mali", audience=Audience.MEMBERS)
        press(article.pk, at=at)
        catch_up()
        thread = threading.Thread(target=follower.follow, args=(stopping,))
        thread.start()
        press(make.article(headline="Elections in Niger").pk, at=at)
        waited = threading.Event()
        while not search("niger", at=at, sight=EVERYTHING, reader=Reader(folder())).total:
            waited.wait(0.05)
        with pytest.raises(BeingWritten), the_writer(folder()):
            pass
        stopping.set()
        thread.join(timeout=30)

    assert not thread.is_alive()


@pytest.mark.django_db
def test_what_cannot_be_embedded_as_it_was_pressed_is_not_tried_over_and_over(tmp_path, at):
    with override_settings(STATE=tmp_path):
        make.site()
        article = make.article(headline="Coup in Mali")
        press(article.pk, at=at)
        catch_up()
        Article.objects.filter(pk=article.pk).update(audience=Audience.MEMBERS)  # and not pressed again yet
        path = current(folder())
        assert path is not None
        embedding = Embedding(path, load_model())

        assert [embedding.go_on(newest=1, most=2), embedding.go_on(newest=1, most=2)] == [1, 0]


class SetInTheMidst(threading.Event):
    """Whoever asks for the third time is told to stop: that is within the build."""

    asked = 0

    def is_set(self):
        self.asked += 1
        return self.asked > 2


@pytest.mark.django_db(transaction=True)
def test_a_build_ends_when_it_is_told_to_and_leaves_nothing(tmp_path, at):
    with override_settings(STATE=tmp_path):
        make.site()
        press(make.article(headline="Coup in Mali").pk, at=at)
        thread = threading.Thread(target=follower.follow, args=(SetInTheMidst(),))
        thread.start()
        thread.join(timeout=30)
        assert list(folder().glob("v*-*")) == []

        assert catch_up() == 1
