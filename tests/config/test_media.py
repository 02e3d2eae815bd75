"""The door to files under /media/."""

import pytest
from django.test import Client

from broadsheet.access.terms import Audience
from broadsheet.press import actions
from broadsheet.press.models import PressedFile
from tests import make
from tests.press.proofs import page

pytestmark = pytest.mark.django_db
HER_PAGE = "/contributors/ada-moor/"


def sizes_of(image) -> list[str]:
    return [rendition.url for rendition in image.renditions.all()]


def statuses(paths) -> set[int]:
    answers = [Client().get(path) for path in paths]
    for answer in answers:
        heard(answer)
    return {answer.status_code for answer in answers}


def heard(answer) -> bytes:
    """Read to its end, which closes the file."""
    return b"".join(answer.streaming_content) if answer.streaming else answer.content


def test_whoever_sees_a_contributors_page_sees_the_photograph_on_it(at):
    portrait = make.image("Ada Moor at a desk")
    make.contributor("Ada Moor", photograph=portrait)

    html = page(HER_PAGE, at)

    assert any(path in html for path in sizes_of(portrait))
    assert statuses(sizes_of(portrait)) == {200}
    assert statuses([portrait.file.url]) == {404}  # the original is shown nowhere


def test_a_photograph_is_gone_from_the_door_when_its_page_is_printed_without_it(at):
    portrait = make.image("Ada Moor at a desk")
    ada = make.contributor("Ada Moor", photograph=portrait)
    page(HER_PAGE, at)

    ada.photograph = None
    ada.save()
    page(HER_PAGE, at)

    assert statuses(sizes_of(portrait)) == {404}


def test_a_photograph_is_gone_with_its_page(at):
    portrait = make.image("Ada Moor at a desk")
    ada = make.contributor("Ada Moor", photograph=portrait)
    page(HER_PAGE, at)

    ada.delete()
    actions.press_page(HER_PAGE, at=at)

    assert statuses(sizes_of(portrait)) == {404}


# Parts of a recording


@pytest.fixture
def talk(at) -> str:
    """A recording of ten bytes, on an open article."""
    return recording(Audience.OPEN, at=at)


def recording(audience: Audience, *, at) -> str:
    article = make.article(audience=audience)
    actions.press(article.pk, at=at)
    path = make.document(content=b"0123456789").file.url
    PressedFile.objects.create(path=path, article_id=article.pk, free=False)
    return path


@pytest.mark.parametrize(
    ("asked", "part", "where"),
    [
        ("bytes=0-1", b"01", "bytes 0-1/10"),
        ("bytes=0-0", b"0", "bytes 0-0/10"),
        ("bytes=4-", b"456789", "bytes 4-9/10"),
        ("bytes=9-", b"9", "bytes 9-9/10"),
        ("bytes=-3", b"789", "bytes 7-9/10"),
        ("bytes=8-99", b"89", "bytes 8-9/10"),
    ],
)
def test_a_player_is_given_the_part_that_it_asks_for(talk, asked, part, where):
    answer = Client().get(talk, HTTP_RANGE=asked)

    assert (answer.status_code, answer["Content-Range"], answer["Content-Length"]) == (206, where, str(len(part)))
    assert heard(answer) == part


def test_a_part_beyond_the_end_is_refused_with_the_length(talk):
    answer = Client().get(talk, HTTP_RANGE="bytes=10-")

    assert (answer.status_code, answer["Content-Range"], heard(answer)) == (416, "bytes */10", b"")


@pytest.mark.parametrize("asked", ["", "bytes=0-1,4-5", "bytes=5-2", "bytes=-0", "bytes=--5", "bytes=a-b", "lines=0-1"])
def test_whatever_is_not_one_part_is_answered_with_the_whole(talk, asked):
    answer = Client().get(talk, HTTP_RANGE=asked)

    assert (answer.status_code, answer["Accept-Ranges"], "Content-Range" in answer) == (200, "bytes", False)
    assert heard(answer) == b"0123456789"


def test_a_part_of_a_recording_that_was_replaced_meanwhile_is_the_whole(talk):
    whole = Client().get(talk)
    heard(whole)

    same = Client().get(talk, HTTP_RANGE="bytes=0-1", HTTP_IF_RANGE=whole["ETag"])
    other = Client().get(talk, HTTP_RANGE="bytes=0-1", HTTP_IF_RANGE='"another"')

    assert (heard(same), heard(other)) == (b"01", b"0123456789")


def test_head_tells_the_length_and_says_nothing(talk):
    whole, part = Client().head(talk), Client().head(talk, HTTP_RANGE="bytes=2-4")

    assert (whole.status_code, whole["Content-Length"], whole["Accept-Ranges"], heard(whole)) == (200, "10", "bytes", b"")
    assert (part.status_code, part["Content-Length"], heard(part)) == (206, "3", b"")


@pytest.mark.parametrize("method", ["get", "head"])
def test_a_stranger_is_refused_every_part_of_what_members_hear(method, at):
    path = recording(Audience.MEMBERS, at=at)

    for asked in ("bytes=0-1", "bytes=-1", "bytes=99-"):
        answer = getattr(Client(), method)(path, HTTP_RANGE=asked)
        assert (answer.status_code, "Content-Range" in answer, b"01" in answer.content) == (
            404,
            False,
            False,
        )
