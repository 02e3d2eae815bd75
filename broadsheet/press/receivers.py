"""Nudges of the newsroom, sent on commit: an article is pressed at once, what shows it by a task. The sweep mends failures."""

from django.db import transaction
from django.db.models.signals import post_save
from django.dispatch import receiver

from broadsheet.kit import clock
from broadsheet.membership.models import MeterRules
from broadsheet.newsroom.signals import article_changed, key_changed
from broadsheet.press import actions, queries
from broadsheet.press.tasks import press_what_changed, wake


@receiver(article_changed)
def press_the_article(sender: object, article_id: int, **_: object) -> None:
    actions.press(article_id, at=clock.now())
    wake()


@receiver(key_changed)
def press_what_shows(sender: object, key: str, **_: object) -> None:
    actions.stale({key}, at=clock.now())
    wake()


@receiver(post_save, sender=MeterRules)
def press_the_walls(sender: object, **_: object) -> None:
    """Every wall says how many articles are free."""
    transaction.on_commit(lambda: press_what_changed.enqueue() if queries.has_articles() else None)
