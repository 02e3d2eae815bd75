"""The list of surfaces is whole: a door that nobody has thought of fails here before it can leak."""

import pytest

from tests.leaks import surfaces
from tests.leaks.surfaces import Unknown


def test_every_surface_is_known_to_the_suite(world, house):
    assert surfaces.unknown(world) == Unknown((), (), (), ())


def test_nothing_in_the_register_is_a_memory_of_a_surface_that_is_gone(world):
    assert set(surfaces.DOORS) <= set(surfaces.routes())
    assert set(surfaces.MAILS) == surfaces.mails()
    assert surfaces.commands() >= set(surfaces.COMMANDS) - {"sweep"}


@pytest.mark.parametrize("route", ["export/<int:article>/", "^api/(?P<version>v1)/$", "admin/export/<int:never_heard_of>/"])
def test_a_door_that_nobody_has_thought_of_is_noticed(route, world):
    assert surfaces.visits(route, world) is None


@pytest.mark.parametrize("name", sorted(surfaces.kinds_of_pages()))
def test_every_kind_of_pressed_page_has_a_page_that_the_walk_reads(name, world, vera):
    paths = [path for path, kind in surfaces.pressed_paths().items() if kind == name]

    assert 200 in {vera.get(path).status for path in paths}


def test_the_demos_doors_exist_in_the_demo_only(vera):
    assert not [route for route in surfaces.routes() if route.startswith("demo")]
    assert {vera.get(path).status for path in ("/demo/", "/demo/outbox/", "/demo/outbox/1/html/")} == {404}
