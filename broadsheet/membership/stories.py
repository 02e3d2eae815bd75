"""Which story lies at a path: pages belong to rooms above, so settings.STORY_AT names who knows."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

from django.conf import settings
from django.utils.module_loading import import_string

from broadsheet.access.terms import Audience


@dataclass(frozen=True, slots=True)
class Story:
    key: str
    audience: Audience
    headline: str


def story_at(path: str) -> Story | None:
    """None where no article lies there, or it was withdrawn."""
    return _lookup()(path)


@cache
def _lookup() -> Callable[[str], Story | None]:
    lookup: Callable[[str], Story | None] = import_string(settings.STORY_AT)
    return lookup
