"""Whoever looks after readers on the desk gives nobody rights beyond their own, whatever their browser sends."""

import pytest
import time_machine
from django.contrib.auth.models import Group, Permission

from broadsheet.membership.models import Reader
from tests import cast

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def noon(at):
    with time_machine.travel(at, tick=False):
        yield


@pytest.fixture
def petra(at):
    """A publisher: may change readers, and is no superuser."""
    return cast.petra(at)


@pytest.fixture
def desk(petra):
    return cast.log_in(petra)


@pytest.fixture
def owners():
    """A group that may what publishers may not: change groups."""
    group = Group.objects.create(name="Owners")
    group.permissions.add(Permission.objects.get(content_type__app_label="auth", codename="change_group"))
    return group


@pytest.fixture
def olga(at, owners):
    reader = cast.fay(at)
    reader.groups.add(owners)
    return reader


@pytest.fixture
def root(at):
    return Reader.objects.create_superuser("root@example.org")


def edit(desk, reader, **fields):
    stated = {"email": reader.email, "first_name": "", "last_name": "", "is_active": "on"}
    return desk.post(f"/admin/users/edit/{reader.pk}/", {**stated, **fields})


def test_a_publisher_makes_no_superuser_of_anybody(desk, petra, at):
    fay = cast.fay(at)
    answers = [edit(desk, reader, is_superuser="on", groups=petra.groups.get().pk) for reader in (fay, petra)]
    answers.append(desk.post("/admin/users/new/", {"email": "new@example.org", "is_superuser": "on"}))

    assert [answer.status_code for answer in answers] == [302, 302, 302]
    assert not Reader.objects.filter(is_superuser=True).exists()


@pytest.mark.parametrize("whom", ["petra", "fay", "new"])
def test_a_publisher_puts_nobody_into_a_group_that_may_more(desk, petra, owners, at, whom):
    if whom == "new":
        answer = desk.post("/admin/users/new/", {"email": "new@example.org", "groups": owners.pk})
    else:
        answer = edit(desk, petra if whom == "petra" else cast.fay(at), groups=owners.pk)

    assert answer.status_code == 200
    assert not owners.user_set.exists()
    assert "Owners" not in desk.get("/admin/users/new/").content.decode()


@pytest.mark.parametrize("name", ["Writers", "Curators", "Editors", "Publishers"])
def test_a_publisher_takes_people_on(desk, at, name):
    fay = cast.fay(at)
    group = Group.objects.get(name=name)

    assert edit(desk, fay, groups=group.pk).status_code == 302
    assert list(fay.groups.all()) == [group]


@pytest.mark.parametrize("whom", ["root", "olga"])
def test_whoever_may_more_is_not_a_publisher_s_to_change(desk, root, olga, whom):
    """Else a new address would do: its code logs in."""
    reader = {"root": root, "olga": olga}[whom]
    before = reader.email

    edit(desk, reader, email="petra+1@example.org")
    desk.post(f"/admin/users/delete/{reader.pk}/")
    desk.post(f"/admin/bulk/membership/reader/set_active_state/?id={reader.pk}", {"mark_as_active": "False"})
    desk.post(f"/admin/bulk/membership/reader/delete/?id={reader.pk}")

    after = Reader.objects.get(pk=reader.pk)
    assert (after.email, after.is_active) == (before, True)


def test_roles_given_to_many_are_those_that_one_has(desk, owners, at):
    fay = cast.fay(at)
    editors = Group.objects.get(name="Editors")
    for group in (owners, editors):
        desk.post(f"/admin/bulk/membership/reader/assign_role/?id={fay.pk}", {"role": group.pk})

    assert list(fay.groups.all()) == [editors]


def test_a_superuser_gives_any_right(desk, petra, owners, at):
    fay = cast.fay(at)
    petra.is_superuser = True
    petra.save()

    assert edit(desk, fay, is_superuser="on", groups=owners.pk).status_code == 302
    fay.refresh_from_db()
    assert fay.is_superuser
    assert owners in fay.groups.all()
