"""What mails are handed, as the templates of their text get it: to hold against the table of mails."""

from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager

from django.test.signals import template_rendered

from broadsheet.mailroom.kinds import EVERYWHERE

OF_EVERY_MAIL = {"True", "False", "None", "to", "before", "after", *(each.key for each in EVERYWHERE)}


@contextmanager
def listening() -> Iterator[dict[str, set[frozenset[str]]]]:
    """Kind -> each set of keys that a post handed in, but for those that every mail gets."""
    got = defaultdict(set)

    def hear(template, context, **_):
        folder, _, file = (template.name or "").rpartition("/")
        kind, _, ending = file.partition(".")
        if folder == "mail" and ending == "txt" and kind != "base":
            got[kind].add(frozenset(context.flatten()) - OF_EVERY_MAIL)

    template_rendered.connect(hear)
    try:
        yield got
    finally:
        template_rendered.disconnect(hear)
