"""Whoever may do a thing finds it in the desk's menu, and nobody else."""

import pytest
from django.test import RequestFactory
from wagtail.admin.menu import admin_menu, settings_menu

from tests import cast, make

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("group", "found"),
    [
        ("Writers", set()),
        ("Curators", {"wire", "picks", "sources"}),
        ("Editors", {"wire", "picks", "sources", "taken-down", "editions", "dossiers"}),
        ("Publishers", {"wire", "picks", "sources", "taken-down", "editions", "dossiers", "figures", "mails"}),
    ],
)
def test_each_sees_what_they_may_do(group, found, at):
    make.publication(at=at)
    request = RequestFactory().get("/admin/")
    request.user = cast.staff("carlo", group, at)
    items = {item.name for menu in (admin_menu, settings_menu) for item in menu.menu_items_for_request(request)}

    ours = {"wire", "picks", "sources", "taken-down", "editions", "dossiers", "figures", "mails"}
    assert items & ours == found
