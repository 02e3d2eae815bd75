"""Roundups and editions without what is refused: on the site, among what was taken back, and in every draft that is kept."""

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from wagtail.models import Page, Revision

from broadsheet.membership.models import Reader
from broadsheet.newsroom.actions import take_back
from broadsheet.newsroom.models import EditionPage, Roundup
from broadsheet.wire.made_up import standfirst_of
from broadsheet.wire.queries import naming
from broadsheet.wire.reading.links import link_key
from broadsheet.wire.refusals import is_refused

KINDS: Sequence[type[Roundup] | type[EditionPage]] = (Roundup, EditionPage)
_OF_A_DRAFT = ("latest_revision_id", "latest_revision_created_at", "has_unpublished_changes", "draft_title")
Blocks = list[dict[str, Any]]


def likely(key: str) -> list[tuple[type[Roundup] | type[EditionPage], int]]:
    """Whoever made them, from picks or by hand."""
    found = []
    for kind in KINDS:
        kept = Revision.objects.filter(content_type=ContentType.objects.get_for_model(kind))
        drafts = (int(number) for number in naming(kept, "content", key).values_list("object_id", flat=True).distinct())
        there = set(naming(kind.objects.all(), "links", key).values_list("pk", flat=True))
        found += [(kind, pk) for pk in sorted(there.union(drafts))]
    return found


def stands_in(kind: type[Roundup] | type[EditionPage], pk: int, key: str) -> bool:
    """Whether readers find it there now."""
    article = kind.objects.filter(pk=pk, live=True).first()
    return article is not None and without(list(article.links.raw_data), key) != list(article.links.raw_data)


@transaction.atomic
def strip(kind: type[Roundup] | type[EditionPage], pk: int, key: str, *, by: Reader | None, at: datetime) -> bool:
    """Whether readers found it there: it is published again without, and of what is not published yet nothing is added. With no
    link left, it is taken back."""
    article = kind.objects.select_for_update().filter(pk=pk).first()
    if article is None:
        return False
    for revision in article.revisions.all():
        _strip_draft(revision, key)
    links = list(article.links.raw_data)
    left = without(links, key)
    if left == links:
        return False
    article.standfirst, article.links = _standfirst(article.standfirst, links, left), json.dumps(left)
    if article.live and left:
        publish_beneath_draft(article, by=by)
        return True
    was_live = bool(article.live)
    article.save(clean=False, update_fields=["standfirst", "links"])
    if was_live:
        take_back(article, by=by, at=at, reason=f"Taken down: {key}")
    return was_live


def _strip_draft(revision: Revision, key: str) -> None:
    content = revision.content
    links = json.loads(content.get("links") or "[]")
    left = without(links, key)
    if left != links:
        said = {"links": json.dumps(left), "standfirst": _standfirst(content.get("standfirst", ""), links, left)}
        Revision.objects.filter(pk=revision.pk).update(content={**content, **said})


def without(links: Blocks, key: str) -> Blocks:
    return [_without_rivals(link, key) for link in links if not _leads(link["value"], key)]


def _without_rivals(link: dict[str, Any], key: str) -> dict[str, Any]:
    rivals = link["value"].get("rivals") or []
    left = [rival for rival in rivals if not _leads(rival.get("value", rival), key)]
    return link if left == rivals else {**link, "value": {**link["value"], "rivals": left}}


def _leads(link: dict[str, Any], key: str) -> bool:
    return is_refused(link_key(link.get("url") or ""), {key})


def _standfirst(said: str, links: Blocks, left: Blocks) -> str:
    """Ours names the outlets; an editor's own stays."""
    return standfirst_of(left) if said == standfirst_of(links) else said


def publish_beneath_draft(article: Roundup | EditionPage, *, by: Reader | None) -> None:
    """As it is in memory. What an editor has written further and not published, or for a later hour, stays so."""
    drafted = article.live and article.has_unpublished_changes
    draft = Page.objects.filter(pk=article.pk).values(*_OF_A_DRAFT).get()
    due = list(article.revisions.exclude(approved_go_live_at=None).values_list("pk", "approved_go_live_at"))
    if article.live:
        article.go_live_at = None  # or Wagtail would put it off
    # Curators publish no articles; whoever may work at the picks, or take down, may publish this one.
    article.save_revision(user=by, clean=False).publish(user=by, skip_permission_checks=True)
    if drafted:
        Page.objects.filter(pk=article.pk).update(**draft)
        for pk, moment in due:
            Revision.objects.filter(pk=pk).update(approved_go_live_at=moment)
