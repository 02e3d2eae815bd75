"""What a new publication is told to do, until it is done."""

import pytest

from broadsheet.newsroom.desk.first_steps import first_steps
from broadsheet.newsroom.layout import lay_out_the_site
from tests import make

pytestmark = pytest.mark.django_db


def open_steps():
    return [step.title for step in first_steps() if not step.done]


def test_a_new_publication_has_all_before_it(at, settings):
    lay_out_the_site(name="The Test Review", at=at)
    settings.EMAIL_HOST = "localhost"

    assert len(open_steps()) == len(first_steps()) == 5


def test_each_step_is_done_by_doing_it(at, settings):
    lay_out_the_site(name="The Test Review", at=at)
    settings.EMAIL_HOST = "mail.example.org"
    make.article(live=False)

    assert open_steps() == ["Name your contributors", "Say what your sections are about", "Publish it"]


def test_the_list_is_gone_when_all_is_done(at, settings):
    lay_out_the_site(name="The Test Review", at=at)
    settings.EMAIL_HOST = "mail.example.org"
    make.article(contributors=[make.contributor()], section=make.section("Rivers", standfirst="Of rivers."))

    assert first_steps() == ()
