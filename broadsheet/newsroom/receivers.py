"""Wagtail's signals into the newsroom's nudges. A nudge leaves when the rows are committed, and only wakes."""

from functools import partial
from typing import Any

from django.db import transaction
from django.db.models.signals import m2m_changed, post_delete, post_save
from django.dispatch import Signal
from wagtail.images import get_image_model
from wagtail.signals import page_published, page_slug_changed, page_unpublished, post_page_move

from broadsheet.kit import clock
from broadsheet.newsroom.models import Article, Contributor, Country, FrontPage, HousePage, NewsroomRules
from broadsheet.newsroom.queries import articles_showing
from broadsheet.newsroom.signals import article_changed, key_changed
from broadsheet.newsroom.ties import AXIS_MODELS

AXIS_OF = {model: axis for axis, model in AXIS_MODELS.items()}


def heed_publishing(sender: Any, instance: Any, **kwargs: Any) -> None:
    """Wagtail sends this for what it only scheduled too: that changes nothing that readers see."""
    if isinstance(instance, FrontPage):
        nudge(key_changed, key="front")
    if not isinstance(instance, Article) or not instance.live:
        return
    at, article = clock.now(), Article.objects.filter(pk=instance.pk)
    if instance.dated_at is None:
        instance.dated_at = at
        article.filter(dated_at=None).update(dated_at=at)
    if clock.has_moved() and instance.first_published_at == instance.last_published_at:  # Wagtail knows the machine's time alone
        instance.first_published_at = at
        article.update(first_published_at=at)
    nudge(article_changed, article_id=instance.pk)


def heed_change(sender: Any, instance: Any, **kwargs: Any) -> None:
    if isinstance(instance, Article):
        nudge(article_changed, article_id=instance.pk)


def heed_axis(sender: Any, instance: Any, **kwargs: Any) -> None:
    nudge(key_changed, key=f"{AXIS_OF[sender]}:{instance.pk}")


def heed_regrouping(sender: Any, instance: Any, action: str, **kwargs: Any) -> None:
    """A country went to another region."""
    if action in {"post_add", "post_remove", "post_clear"}:
        nudge(key_changed, key=f"{AXIS_OF[type(instance)]}:{instance.pk}")


def heed_picture(sender: Any, instance: Any, created: bool, **kwargs: Any) -> None:
    """Its text, its point of interest or its file changed: whatever shows it is printed again."""
    if created:
        return
    for article_id in articles_showing(instance):
        nudge(article_changed, article_id=article_id)
    for contributor in Contributor.objects.filter(photograph=instance):
        nudge(key_changed, key=f"contributor:{contributor.pk}")


def heed_rules(sender: Any, **kwargs: Any) -> None:
    nudge(key_changed, key="rules")


def heed_house_page(sender: Any, instance: HousePage, **kwargs: Any) -> None:
    nudge(key_changed, key=f"house:{instance.kind}")


def nudge(signal: Signal, **carries: Any) -> None:
    """Robust: what a room above makes of it is no trouble of whoever published; the sweeps find what was missed."""
    transaction.on_commit(partial(signal.send_robust, sender=Article, **carries))


def connect() -> None:
    page_published.connect(heed_publishing, dispatch_uid="newsroom.published")
    for signal in (page_unpublished, page_slug_changed, post_page_move):
        signal.connect(heed_change, dispatch_uid="newsroom.changed")
    post_delete.connect(heed_change, dispatch_uid="newsroom.deleted")
    for model in AXIS_OF:
        post_save.connect(heed_axis, sender=model, dispatch_uid="newsroom.axis")
        post_delete.connect(heed_axis, sender=model, dispatch_uid="newsroom.axis")
    m2m_changed.connect(heed_regrouping, sender=Country.regions.through, dispatch_uid="newsroom.regrouped")
    post_save.connect(heed_picture, sender=get_image_model(), dispatch_uid="newsroom.picture")
    post_save.connect(heed_house_page, sender=HousePage, dispatch_uid="newsroom.house_page")
    post_save.connect(heed_rules, sender=NewsroomRules, dispatch_uid="newsroom.rules")
