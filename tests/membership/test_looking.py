"""Staff who look as a reader: every page says so, and at no door of the house does anything change."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
import time_machine
from django.apps import apps
from django.conf import settings
from django.contrib.sessions.models import Session

from broadsheet.membership.actions import groups, record_group
from broadsheet.membership.actions.gifts import give
from broadsheet.membership.models import Deed
from broadsheet.membership.seating import Group
from broadsheet.membership.seats import token_of_link
from broadsheet.membership.views.gifts import link_of
from tests import cast
from tests.leaks import surfaces

pytestmark = pytest.mark.django_db

BANNER = "You look as sada@example.org, and can change nothing."
TAKEN = {"/looking/end/", "/leave/"}  # which end the look
# All that any form of the house says, at once: a door that looks for its word finds it.
STATED = {
    "pay": "yes",
    "keep": "yes",
    "now": "yes",
    "code": "1-BBBB-BBBB-BBBB",
    "address": "sada@example.org",
    "first_name": "Mallory",
    "end-sessions": "yes",
    "newsletter": "daily",
    "shown": "daily",
    "wanted": "daily",
    "invite": "yes",
    "addresses": "m@example.org",
    "open-link": "yes",
    "email": "m@example.org",
    "action_add": "",
    "path": "/briefings/the-dam/",
    "later": "1",
    "title": "Mine",
    "price": "1",
    "to_address": "m@example.org",
    "confirm": "yes",
}


@pytest.fixture(autouse=True)
def noon(at):
    with time_machine.travel(at, tick=False) as clock:
        yield clock


@pytest.fixture
def sada(at):
    return cast.sada(at)


@pytest.fixture
def browser(at, sada):
    """Petra's, who looks as Sada."""
    browser = cast.log_in(cast.petra(at))
    assert browser.post(f"/admin/readers/{sada.pk}/look/").status_code == 303
    return browser


def everything() -> dict[str, list[Any]]:
    """All rows but sessions, which time alone may end."""
    models = [model for model in apps.get_models() if model is not Session and model._meta.managed]
    return {model._meta.label: list(model._base_manager.order_by("pk").values_list()) for model in models}


def paths() -> Iterator[str]:
    for route in surfaces.routes():
        written = surfaces.ARGUMENT.sub("1", re.sub(r"\(\?:[^()]*\)|\(\\d\+\)|\(\.\*\)", "1", route))
        yield "/" + re.sub(r"[\^$\\?()]", "", written).lstrip("/")


def test_at_no_door_does_anything_change(browser, sada, at):
    group = record_group(reference="sub_1", holder=sada, bought=3, starts_at=at, ends_at=None, payment="paid", at=at)
    groups.open_link(group, at=at)
    gift = link_of(give(reader=cast.pasha(at), story="a1", path="/briefings/the-dam/", at=at)).removeprefix(settings.BASE_URL)
    doors = [*paths(), gift, f"/group/join/{token_of_link(Group.objects.get())}/"]
    before = everything()

    answers = {path: browser.post(path, STATED).status_code for path in doors if path not in TAKEN}

    assert len(answers) > 100
    assert {path: status for path, status in answers.items() if status not in {301, 302, 303, 403}} == {}
    assert everything() == before


def of_readers() -> dict[str, list[Any]]:
    """Without what the house writes for itself as pages are first asked for: printed pages, and its rules."""
    return {
        label: rows
        for label, rows in everything().items()
        if label.startswith(("membership.", "billing.", "library.", "mfa.", "account.", "mailroom.")) and "Rules" not in label
    }


def test_opening_pages_changes_nothing_either(browser, sada, at):
    pages = [path for path in paths() if path.startswith(("/account/", "/subscribe/", "/accounts/", "/collections/"))]
    before = of_readers()
    for path in pages:
        browser.get(path)

    assert len(pages) > 20
    assert of_readers() == before


@pytest.mark.parametrize(
    "path", ["/account/", "/account/subscription/", "/account/gifts/", "/account/export/", "/subscribe/gift/"]
)
def test_every_page_says_whom_one_looks_as_without_a_script(browser, path):
    page = browser.get(path).content.decode()

    assert page.count(BANNER) == 1
    assert 'action="/looking/end/"' in page


def test_a_reader_sees_no_banner(sada):
    assert "You look as" not in cast.log_in(sada).get("/account/").content.decode()


def test_beginning_and_end_are_written_down(browser):
    browser.post("/looking/end/")

    assert list(Deed.objects.order_by("pk").values_list("kind", "by__email")) == [
        (kind, "petra@example.org") for kind in (Deed.Kind.LOOK, Deed.Kind.LOOKED)
    ]


def test_an_end_by_logging_out_is_written_down_too(browser):
    browser.post("/leave/")

    assert Deed.objects.latest("pk").kind == Deed.Kind.LOOKED
    assert browser.get("/account/").status_code == 302
