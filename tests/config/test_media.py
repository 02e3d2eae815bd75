"""The door to files under /media/."""

import pytest
from django.test import Client

from broadsheet.press import actions
from tests import make
from tests.press.proofs import page

pytestmark = pytest.mark.django_db
HER_PAGE = "/contributors/ada-moor/"


def sizes_of(image) -> list[str]:
    return [rendition.url for rendition in image.renditions.all()]


def statuses(paths) -> set[int]:
    answers = [Client().get(path) for path in paths]
    for answer in answers:
        answer.close()
    return {answer.status_code for answer in answers}


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
