"""What a new publication is told to do, until it is done."""

import pytest

from broadsheet.newsroom.desk.first_steps import first_steps
from broadsheet.newsroom.layout import lay_out_the_site
from broadsheet.newsroom.models import HousePage
from tests import make

pytestmark = pytest.mark.django_db


def open_steps():
    return [step.title for step in first_steps() if not step.done]


def test_a_new_publication_has_all_before_it(at, settings):
    lay_out_the_site(name="The Test Review", at=at)
    settings.EMAIL_HOST = "localhost"

    assert len(open_steps()) == len(first_steps()) == 6


def test_each_step_is_done_by_doing_it(at, settings):
    lay_out_the_site(name="The Test Review", at=at)
    settings.EMAIL_HOST = "mail.example.org"
    make.article(live=False)

    who_you_are = "Say who you are, and on what terms you sell"
    assert open_steps() == ["Name your contributors", "Say what your sections are about", "Publish it", who_you_are]


def test_the_list_is_gone_when_all_is_done(at, settings):
    lay_out_the_site(name="The Test Review", at=at)
    settings.EMAIL_HOST = "mail.example.org"
    make.article(contributors=[make.contributor()], section=make.section("Rivers", standfirst="Of rivers."))
    HousePage.objects.update(body="<h2>Who sells</h2><p>The Test Review Ltd.</p>")

    assert first_steps() == ()


def test_headings_alone_are_no_house_page(at):
    lay_out_the_site(name="The Test Review", at=at)
    HousePage.objects.filter(kind="terms").update(body="<h2>Who sells</h2><p>The Test Review Ltd.</p>")

    (step,) = [step for step in first_steps() if step.title.startswith("Say who you are")]

    assert step.why.startswith("Not written yet: privacy, imprint, contact.")


def test_what_an_editor_wrote_is_laid_out_over_by_nothing(at):
    lay_out_the_site(name="The Test Review", at=at)
    HousePage.objects.filter(kind="terms").update(body="<p>Ours.</p>")

    lay_out_the_site(name="The Test Review", at=at)

    assert HousePage.objects.get(kind="terms").body == "<p>Ours.</p>"
