import pytest
from django.contrib.auth.models import Group, Permission
from django.core.management.sql import emit_post_migrate_signal, emit_pre_migrate_signal
from wagtail.models import GroupPagePermission, Page, Site, Task, Workflow

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


def test_a_group_that_was_deleted_by_hand_stays_away(publishers):
    Group.objects.get(name="Curators").delete()

    migrate()

    assert not Group.objects.filter(name="Curators").exists()


def test_a_right_that_was_taken_away_by_hand_stays_away(publishers):
    publishers.permissions.remove(*publishers.permissions.filter(codename="add_plan"))

    migrate()

    assert not may(publishers, "add_plan")
