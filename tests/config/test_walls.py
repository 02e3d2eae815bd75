"""What walls promise is what the house gives."""

import pytest

from broadsheet.membership.models import MeterRules
from broadsheet.press import tasks
from broadsheet.press.actions import press
from tests import make
from tests.press.proofs import read, slip_of

pytestmark = pytest.mark.django_db


def preview(article):
    return read(slip_of(article).previews["register"])


def test_the_wall_names_the_allowance_of_the_house(at):
    MeterRules.objects.update_or_create(pk=MeterRules.load().pk, defaults={"monthly_allowance": 5})
    article = make.article()
    press(article.pk, at=at)

    assert "five free articles a month" in preview(article)


def test_every_wall_is_printed_again_when_the_allowance_changes(at):
    article = make.article()
    press(article.pk, at=at)
    assert "three free articles a month" in preview(article)

    rules = MeterRules.load()
    rules.monthly_allowance = 1
    rules.save()
    tasks.press_what_changed.call()

    assert "one free article a month" in preview(article)
