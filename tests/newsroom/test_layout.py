import pytest
from django.contrib.auth.models import Group, Permission
from django.core.management.sql import emit_post_migrate_signal, emit_pre_migrate_signal
from django.db.models.signals import m2m_changed
from wagtail.models import GroupCollectionPermission, GroupPagePermission, Page, Site, Task, Workflow

from broadsheet.newsroom.layout import lay_out_the_site
from broadsheet.newsroom.models import ArticleIndex, FrontPage, Section
from tests import make

pytestmark = pytest.mark.django_db


def test_a_new_publication_has_a_front_page_eight_parents_and_sections(at):
    front = lay_out_the_site(name="The Test Review", at=at)

    assert Site.objects.get().root_page_id == front.pk
    assert ArticleIndex.objects.count() == 8
    assert Section.objects.count() == 5


def test_laying_out_twice_changes_nothing(at):
    lay_out_the_site(name="The Test Review", at=at)
    before = (Page.objects.count(), Section.objects.count(), Group.objects.count(), GroupPagePermission.objects.count())

    lay_out_the_site(name="Another name", at=at)

    assert before == (Page.objects.count(), Section.objects.count(), Group.objects.count(), GroupPagePermission.objects.count())
    assert FrontPage.objects.get().title == "The Test Review"


def test_writers_may_add_and_only_editors_and_publishers_publish(at):
    front = lay_out_the_site(name="The Test Review", at=at)

    may_publish = GroupPagePermission.objects.filter(page=front, permission__codename="publish_page")
    assert set(may_publish.values_list("group__name", flat=True)) == {"Editors", "Publishers"}
    assert [workflow.name for workflow in Workflow.objects.active()] == ["the editors"]


def test_a_house_founded_before_keeps_its_workflow_under_the_new_name(at):
    lay_out_the_site(name="The Test Review", at=at)
    founded = Workflow.objects.get()
    Workflow.objects.update(name="Read before it is published")
    Task.objects.update(name="An editor reads it")

    for _ in range(2):
        lay_out_the_site(name="The Test Review", at=at)

    assert [(workflow.pk, workflow.name) for workflow in Workflow.objects.all()] == [(founded.pk, "the editors")]
    assert [task.name for task in Task.objects.all()] == ["an editor"]


def test_an_article_stands_under_the_parent_of_its_type():
    assert make.article("report", headline="A River").address == "/reports/a-river/"
    assert make.site().specific.url_path == "/home/"


# Houses made before


@pytest.fixture
def publishers(at):
    lay_out_the_site(name="The Test Review", at=at)
    return Group.objects.get(name="Publishers")


def migrate():
    emit_pre_migrate_signal(0, interactive=False, db="default")
    emit_post_migrate_signal(0, interactive=False, db="default")


def may(group, right):
    return group.permissions.filter(codename=right).exists()


def test_a_right_that_a_migration_brings_goes_to_the_groups_that_a_new_house_would_give_it(publishers):
    Permission.objects.filter(codename__in=("add_plan", "look_as_reader", "change_wording", "change_housepage")).delete()

    migrate()

    assert may(publishers, "add_plan")
    assert may(publishers, "look_as_reader")
    assert may(publishers, "change_wording")
    assert may(publishers, "change_housepage")
    assert may(Group.objects.get(name="Editors"), "change_housepage")
    assert not may(Group.objects.get(name="Editors"), "add_plan")


def test_a_group_that_a_house_was_founded_without_comes_with_the_rights_that_brought_it(publishers):
    Group.objects.get(name="Curators").delete()
    Permission.objects.filter(codename="change_story").delete()

    migrate()

    curators = Group.objects.get(name="Curators")
    assert may(curators, "change_story")
    assert GroupPagePermission.objects.filter(group=curators, page=FrontPage.objects.get()).count() == 1


ROOMS_THAT_CAME_SINCE = ("wire", "research")


@pytest.fixture
def older(publishers):
    """A house of before the wire and research: neither their rights nor the curators were thought of."""
    Permission.objects.filter(content_type__app_label__in=ROOMS_THAT_CAME_SINCE).delete()
    Group.objects.get(name="Curators").delete()


def rights():
    told = Group.objects.values_list("name", "permissions__content_type__app_label", "permissions__codename")
    over_pages = GroupPagePermission.objects.values_list("group__name", "page__slug", "permission__codename")
    over_files = GroupCollectionPermission.objects.values_list("group__name", "collection__name", "permission__codename")
    return {*told, *over_pages, *over_files}


def test_a_house_of_before_has_the_rights_of_a_new_one_but_for_what_its_operator_changed(publishers, request):
    of_a_new_house = rights()
    request.getfixturevalue("older")
    editors = Group.objects.get(name="Editors")
    editors.permissions.remove(Permission.objects.get(codename="add_issue"))
    editors.permissions.add(Permission.objects.get(codename="add_plan"))

    migrate()

    assert rights() - of_a_new_house == {("Editors", "billing", "add_plan")}
    assert of_a_new_house - rights() == {("Editors", "newsroom", "add_issue")}


def test_what_an_operator_takes_away_of_the_new_rights_stays_away(older):
    migrate()
    editors = Group.objects.get(name="Editors")
    editors.permissions.remove(Permission.objects.get(codename="publish_dossier"))

    migrate()

    assert not may(editors, "publish_dossier")
    assert may(editors, "view_source")


class Killed(Exception):
    """The process ends here."""


def test_an_upgrade_that_was_killed_gives_the_rights_when_it_is_begun_again(older):
    def kill(**_):
        raise Killed

    m2m_changed.connect(kill, sender=Group.permissions.through)
    with pytest.raises(Killed):
        migrate()
    m2m_changed.disconnect(kill, sender=Group.permissions.through)
    migrate()

    editors = Group.objects.get(name="Editors")
    assert may(editors, "publish_dossier")
    assert may(editors, "view_source")


def test_a_group_that_was_deleted_by_hand_stays_away(publishers):
    Group.objects.get(name="Curators").delete()

    migrate()

    assert not Group.objects.filter(name="Curators").exists()


def test_a_right_that_was_taken_away_by_hand_stays_away(publishers):
    publishers.permissions.remove(*publishers.permissions.filter(codename="add_plan"))

    migrate()

    assert not may(publishers, "add_plan")
