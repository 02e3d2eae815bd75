"""Nudges of the newsroom, sent on commit: an article is pressed at once, what shows it by a task. The sweep mends failures."""

from django.dispatch import receiver

from broadsheet.kit import clock
from broadsheet.newsroom.signals import article_changed, key_changed
from broadsheet.press import actions
from broadsheet.press.tasks import press_dependents


@receiver(article_changed)
def press_the_article(sender: object, article_id: int, **_: object) -> None:
    actions.press(article_id, at=clock.now())
    press_dependents.enqueue()


@receiver(key_changed)
def press_what_shows(sender: object, key: str, **_: object) -> None:
    actions.stale({key}, at=clock.now())
    press_dependents.enqueue()
