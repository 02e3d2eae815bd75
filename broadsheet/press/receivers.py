"""Nudges of the newsroom: an article is pressed at once, what shows it by a task. Whatever fails here, the sweep does again."""

from django.db import transaction
from django.dispatch import receiver

from broadsheet.kit import clock
from broadsheet.newsroom.signals import article_changed, key_changed
from broadsheet.press import actions
from broadsheet.press.tasks import press_dependents


@receiver(article_changed)
def press_the_article(sender: object, article_id: int, **_: object) -> None:
    # Robust: the editor has published, and a press that is out of paper is no reason to tell him that he has not.
    transaction.on_commit(lambda: _press(article_id), robust=True)


@receiver(key_changed)
def press_what_shows(sender: object, key: str, **_: object) -> None:
    transaction.on_commit(lambda: _stale(key), robust=True)


def _press(article_id: int) -> None:
    actions.press(article_id, at=clock.now())
    press_dependents.enqueue()


def _stale(key: str) -> None:
    actions.stale({key}, at=clock.now())
    press_dependents.enqueue()
