"""What came without Wagtail's signals is found on the desk, whatever fails on the way."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django_tasks import TaskResultStatus
from django_tasks_db.models import DBTaskResult
from wagtail.models import Page
from wagtail.search.backends import get_search_backend

from broadsheet.newsroom import tasks
from broadsheet.newsroom.indexing import index_articles
from broadsheet.newsroom.models import Article
from tests import make
from tests.newsroom.errands import work_off

pytestmark = pytest.mark.django_db


def came(headline: str) -> Article:
    """As an import leaves an article: the desk's search does not know it."""
    article = make.article(headline=headline, source="library", source_id=headline)
    get_search_backend().delete(article)
    return article


def found(word: str) -> list[str]:
    return [article.title for article in Article.objects.all().search(word)]


def sent(errand) -> list[str]:
    return list(
        DBTaskResult.objects.filter(task_path=errand.module_path).order_by("enqueued_at").values_list("status", flat=True)
    )


@pytest.fixture
def stuck(monkeypatch):
    """An article among others that cannot be indexed; and how it comes to be again."""
    monkeypatch.setattr(tasks, "INDEXED_AT_ONCE", 1)
    article = came("Zugzwang on the river")
    came("The quillwort")

    def sql(statement):
        with connection.cursor() as cursor:
            cursor.execute(statement)

    sql(
        "CREATE TRIGGER stuck BEFORE INSERT ON wagtailsearch_indexentry "
        f"WHEN NEW.object_id = '{article.pk}' BEGIN SELECT RAISE(ABORT, 'stuck'); END"
    )
    return lambda: sql("DROP TRIGGER stuck")


def test_the_desk_finds_what_came_once_the_errands_have_run():
    came("Zugzwang on the river")
    assert found("zugzwang") == []

    tasks.index_what_came.enqueue()
    work_off()

    assert found("zugzwang") == ["Zugzwang on the river"]


@pytest.mark.parametrize("word", ["Zambia", "Amara Os", "copper", "zambias-dam"])
def test_the_desk_finds_an_article_by_what_stands_around_its_text(word):
    make.article(headline="Another")
    article = make.article(
        headline="A Dam",
        slug="zambias-dam",
        standfirst="Why copper pays for it.",
        countries=[make.country("Zambia")],
        contributors=[make.contributor("Amara Osei")],
    )
    index_articles([article.pk])

    assert [found.pk for found in Page.objects.all().autocomplete(word)] == [article.pk]


def test_more_articles_are_indexed_at_no_more_queries_for_their_names():
    def asked(count: int) -> int:
        articles = [make.article(contributors=[make.contributor()], countries=[make.country(f"C{n}")]) for n in range(count)]
        with CaptureQueriesContext(connection) as queries:
            index_articles([article.pk for article in articles])
        return sum("newsroom_contributor" in query["sql"] or "newsroom_country" in query["sql"] for query in queries)

    assert asked(1) == asked(3)


@pytest.mark.usefixtures("stuck")
def test_what_cannot_be_indexed_holds_up_no_other():
    tasks.index_what_came.enqueue()
    work_off()

    assert [found("quillwort"), found("zugzwang")] == [["The quillwort"], []]


def test_what_could_not_be_indexed_is_tried_again_after_a_pause(stuck):
    tasks.index_what_came.enqueue()
    work_off()
    stuck()

    tasks.index_what_was_left.call()
    assert TaskResultStatus.READY not in sent(tasks.index_between)
    DBTaskResult.objects.update(finished_at=datetime.now(UTC) - timedelta(minutes=1))
    for _ in range(2):
        tasks.index_what_was_left.call()
    assert sent(tasks.index_between).count(TaskResultStatus.READY) == 1
    work_off()

    assert found("zugzwang") == ["Zugzwang on the river"]


def test_what_could_not_be_indexed_is_tried_again_however_late_and_then_no_more(stuck):
    tasks.index_what_came.enqueue()
    work_off()
    stuck()

    DBTaskResult.objects.update(finished_at=datetime.now(UTC) - timedelta(days=3))
    tasks.index_what_was_left.call()
    work_off()
    assert found("zugzwang") == ["Zugzwang on the river"]
    DBTaskResult.objects.filter(status=TaskResultStatus.SUCCESSFUL).delete()  # forgotten in a day
    tasks.index_what_was_left.call()

    assert sent(tasks.index_between) == []
