"""What walls promise is what the house gives."""

import pytest
import time_machine
from django.test import RequestFactory

from broadsheet.access.terms import Reason
from broadsheet.config.walls import print_wall
from broadsheet.gate.serving import NotPrinted
from broadsheet.membership.models import MeterRules
from broadsheet.newsroom.views import preview as preview_on_the_desk
from broadsheet.press import printing, tasks
from broadsheet.press.actions import press
from tests import make
from tests.press.proofs import changed, read, slip_of

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


def test_the_desk_previews_the_wall_that_will_be_printed():
    MeterRules.objects.update_or_create(pk=MeterRules.load().pk, defaults={"monthly_allowance": 5})

    shown = preview_on_the_desk(make.article(), RequestFactory().get("/"), "vera").content.decode()

    assert "five free articles a month" in shown


def test_a_wall_of_an_article_that_changes_all_the_while_is_not_printed(at, monkeypatch):
    article = make.article()
    press(article.pk, at=at)
    changed(article, title="The other river")
    print_galley = printing.print_galley

    def printed_while_it_changes(galley):
        changed(article, title=f"{galley.headline}!")
        return print_galley(galley)

    monkeypatch.setattr(printing, "print_galley", printed_while_it_changes)
    with time_machine.travel(at, tick=False), pytest.raises(NotPrinted):
        print_wall(article.address, Reason.SPENT)
