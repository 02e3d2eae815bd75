"""What the newsroom does to articles beyond writing them: publish what is due, take back, put back."""

from contextlib import ExitStack
from datetime import datetime
from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import AnonymousUser
from django.db import transaction
from wagtail.actions.unpublish_page import UnpublishPageAction
from wagtail.log_actions import log
from wagtail.models import Page, Revision

from broadsheet.newsroom.models import Article
from broadsheet.newsroom.signals import article_changed

Whoever = AbstractBaseUser | AnonymousUser | None
TAKE_BACK, PUT_BACK = "newsroom.take_back", "newsroom.put_back"


class AlreadyTakenBack(Exception):
    """The article was taken back before."""


class NotTakenBack(Exception):
    """Only what was taken back can be put back."""


def publish_due(*, at: datetime) -> list[int]:
    """Publish what was scheduled for this moment or before, and unpublish what expires; answers the pages it published.

    Each is a transaction of its own; whatever was done is not done again. What fails holds up none: its trouble is raised when
    all have been tried.
    """
    pages: list[int | None] = []
    with ExitStack() as tried:  # calls each, whatever the others raise, and the last first
        for revision_id in reversed(due(at=at)):
            tried.callback(lambda revision_id: pages.append(publish_one(revision_id, at=at)), revision_id)
        for page_id in reversed(expired(at=at)):
            tried.callback(unpublish_one, page_id, at=at)
    return [page for page in pages if page]


def due(*, at: datetime) -> list[int]:
    """The revisions whose moment has come, in its order; of two for one moment the newer first, which ends both schedules."""
    revisions = Revision.page_revisions.filter(approved_go_live_at__lte=at).order_by("approved_go_live_at", "-pk")
    return list(revisions.values_list("pk", flat=True))


def expired(*, at: datetime) -> list[int]:
    return list(Page.objects.filter(live=True, expire_at__lte=at).order_by("expire_at").values_list("pk", flat=True))


@transaction.atomic
def unpublish_one(page_id: int, *, at: datetime) -> None:
    """Where it is live still and its end was not put off."""
    if page := Page.objects.select_for_update().filter(pk=page_id, live=True, expire_at__lte=at).first():
        page.specific.unpublish(set_expired=True, log_action="wagtail.unpublish.scheduled")


@transaction.atomic
def publish_one(revision_id: int, *, at: datetime) -> int | None:
    """None where another publisher was there first.

    Wagtail compares a revision's `go_live_at` with the machine's clock and would schedule it anew where ours is ahead of it. So a
    schedule that is due is taken out of the draft; its moment stays as the article's date.
    """
    revision = Revision.page_revisions.select_for_update().filter(pk=revision_id, approved_go_live_at__lte=at).first()
    if revision is None:
        return None
    revision.content = _with_date_for_schedule(revision.content, revision.approved_go_live_at)
    revision.save(update_fields=["content"])
    revision.publish(log_action="wagtail.publish.scheduled")
    return int(revision.object_id)


def _with_date_for_schedule(content: dict[str, Any], moment: datetime) -> dict[str, Any]:
    """Only a draft of an article has a date; one that an article already carries is kept when the draft becomes it."""
    dated = {"dated_at": content["dated_at"] or moment.isoformat()} if "dated_at" in content else {}
    return {**content, **dated, "go_live_at": None}


def nudge_lifted_embargoes(*, since: datetime, at: datetime) -> list[int]:
    """Tell the rooms above of articles whose embargo ended after `since`, up to and including `at`."""
    lifted = Article.objects.filter(live=True, withdrawn_at=None, embargoed_until__gt=since, embargoed_until__lte=at)
    articles = list(lifted.order_by("embargoed_until").values_list("pk", flat=True))
    for article_id in articles:
        article_changed.send(sender=Article, article_id=article_id)
    return articles


@transaction.atomic
def take_back(article: Article, *, by: Whoever, at: datetime, reason: str = "") -> None:
    """Withdraw an article: whoever asks for it is told that it is gone, until it is put back."""
    live = _locked(article)
    if live.withdrawn_at is not None:
        raise AlreadyTakenBack(f"{live} was taken back on {live.withdrawn_at:%-d %B %Y}.")
    live.withdrawn_at = at
    live.save(update_fields=["withdrawn_at"])
    # Wagtail would ask for a right to unpublish, which nobody has on the desk.
    UnpublishPageAction(live, user=by, log_action=False).execute(skip_permission_checks=True)
    log(instance=live, action=TAKE_BACK, user=by, data={"reason": reason})


@transaction.atomic
def put_back(article: Article, *, by: Whoever, at: datetime) -> None:
    """Publish again the text that was taken back, as it was; drafts written since stay in the history."""
    live = _locked(article)
    if live.withdrawn_at is None:
        raise NotTakenBack(f"{live} was not taken back.")
    live.withdrawn_at, live.go_live_at = None, None
    live.expire_at = live.expire_at if live.expire_at and live.expire_at > at else None
    live.save(update_fields=["withdrawn_at", "go_live_at", "expire_at"])
    live.save_revision(user=by, log_action=False).publish(user=by, log_action=False)
    log(instance=live, action=PUT_BACK, user=by)


def _locked(article: Article) -> Article:
    found: Article = Article.objects.select_for_update().get(pk=article.pk).specific
    return found
