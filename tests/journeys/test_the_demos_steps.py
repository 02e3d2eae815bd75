"""What the demo tells people to press stands where it sends them."""

import html
import re
from datetime import datetime
from pathlib import Path

import pytest
from django.test import Client
from wagtail.models import Page

from broadsheet.config.demo import content
from broadsheet.config.demo.steps import STEPS, Step
from broadsheet.design import inline
from broadsheet.till.cards import CARDS
from tests import cast, make

LABEL = re.compile("“([^”]+)”")
TAG = re.compile(r"<[^>]+>")
TEMPLATES = Path(inline.__file__).parent / "templates"
DEMO = TEMPLATES / "demo/begin.html"
AT_THE_DESK = [step for step in STEPS if step.path.startswith("/admin/")]


def named(step: Step) -> str:
    return step.title


def labels_of(page: str) -> str:
    """What is read, and what is said aloud."""
    spoken = " ".join(re.findall(r'aria-label="([^"]+)"', page))
    return html.unescape(f"{spoken} {' '.join(TAG.sub(' ', page).split())}")


def at_the_desk(step: Step, at: datetime) -> Client:
    return cast.log_in(getattr(cast, step.who)(at))


@pytest.fixture
def numbers(db, at) -> dict[str, int]:
    """The pages that steps are about, by slug."""
    make.site()
    for piece in content.pieces():
        if piece.slug in {step.about for step in STEPS}:
            make.article(piece.front["type"], slug=piece.slug, audience=piece.front["audience"])
    return dict(Page.objects.values_list("slug", "pk"))


@pytest.mark.parametrize("step", AT_THE_DESK, ids=named)
def test_every_label_of_a_step_at_the_desk_stands_on_the_page_it_leads_to(step, numbers, at):
    page = at_the_desk(step, at).get(step.leads_to(numbers))

    assert page.status_code == 200
    told = labels_of(page.content.decode())
    assert LABEL.findall(step.do)
    assert [label for label in LABEL.findall(step.do) if label not in told] == []


@pytest.mark.parametrize("step", AT_THE_DESK, ids=named)
def test_a_step_at_the_desk_opens_a_tab_that_is_there(step, numbers, at):
    path, _, tab = step.leads_to(numbers).partition("#")

    assert not tab or f'id="{tab}"' in at_the_desk(step, at).get(path).content.decode()


@pytest.mark.parametrize("step", [step for step in STEPS if step not in AT_THE_DESK], ids=named)
def test_every_label_of_another_step_stands_on_a_page_for_readers(step):
    said = " ".join(page.read_text() for folder in ("pages", "components") for page in (TEMPLATES / folder).glob("*.html"))
    told = DEMO.read_text() + said

    assert [label for label in LABEL.findall(step.do) if not re.search(rf"[>}}]{label}[<{{]", told)] == []


def test_the_cards_of_the_steps_are_the_till_s():
    named = {number.replace(" ", "") for step in STEPS for number in re.findall(r"\d{4} \d{4} \d{4} \d{4}", step.do)}

    assert named
    assert named <= CARDS.keys()


def test_every_step_leads_to_what_is_shipped_and_already_out(numbers):
    out = {piece.slug for piece in content.pieces() if piece.front.get("weekdays", 0) <= 0}

    for step in STEPS:
        assert not step.about or step.about in out | {"briefings"}
        assert not re.fullmatch(r"/(briefings|reports)/[\w-]+/", step.path) or step.path.split("/")[2] in out


def test_without_its_page_a_step_leads_to_where_the_desk_begins():
    assert {step.leads_to({}) for step in AT_THE_DESK if step.about} == {"/admin/"}
