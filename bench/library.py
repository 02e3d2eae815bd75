"""A library of synthetic articles, printed straight into snapshots: random words of our own, about 900 an article.

`python -m bench.library COUNT` builds it in the database that the environment names.
"""

import gzip
import random
import sys
from datetime import UTC, datetime
from hashlib import blake2b
from typing import Any

import brotli
import django
from django.db import transaction

WORDS_AN_ARTICLE = 900
AT = datetime(2026, 3, 2, 8, tzinfo=UTC)
BATCH = 1_000
# What stands around an article on every page: navigation, foot, wall.
AROUND = "".join(f'<li class="nav__item"><a class="nav__link" href="/regions/{n}/">Region {n}</a></li>' for n in range(60))


def path_of(number: int) -> str:
    return f"/briefings/article-{number}/"


def story_of(number: int) -> str:
    return f"a{number}"


def build(count: int) -> None:
    from broadsheet.kit.counting import next_numbers  # noqa: PLC0415 - models exist only after Django's set-up
    from broadsheet.press.models import Slip, Snapshot  # noqa: PLC0415

    chance = random.Random(20260302)
    vocabulary = ["".join(chance.choices("abcdeghilmnoprstuv", k=chance.randint(2, 11))) for _ in range(8_000)]
    for start in range(0, count, BATCH):
        numbers = range(start, min(start + BATCH, count))
        cuts = [_cuts(number, vocabulary, chance) for number in numbers]
        with transaction.atomic():
            Snapshot.objects.bulk_create([_snapshot(Snapshot, page) for pair in cuts for page in pair])
            changes = next_numbers("slips", count=len(numbers))
            Slip.objects.bulk_create(
                Slip(
                    path=path_of(number),
                    change=change,
                    kind="article",
                    story=story_of(number),
                    audience="metered",
                    full_cut=_digest(full),
                    previews={"register": _digest(preview), "spent": _digest(preview)},
                    pressed_at=AT,
                )
                for number, change, (full, preview) in zip(numbers, changes, cuts, strict=True)
            )


def _cuts(number: int, vocabulary: list[str], chance: random.Random) -> tuple[bytes, bytes]:
    words = chance.choices(vocabulary, k=WORDS_AN_ARTICLE)
    paragraphs = ["<p>" + " ".join(words[n : n + 90]) + ".</p>" for n in range(0, len(words), 90)]
    head = f"<!doctype html><html lang=en><title>Article {number}</title><nav><ul>{AROUND}</ul></nav><main>"
    wall = '<section class="wall"><h2>Keep reading for free</h2></section>'
    return (f"{head}{''.join(paragraphs)}</main></html>").encode(), (f"{head}{paragraphs[0]}{wall}</main></html>").encode()


def _digest(page: bytes) -> str:
    return blake2b(page, digest_size=16).hexdigest()


def _snapshot(model: type, page: bytes) -> Any:
    compressed = {"brotli": brotli.compress(page, quality=5), "gzip": gzip.compress(page, 6), "size": len(page)}
    return model(digest=_digest(page), pressed_at=AT, **compressed)


if __name__ == "__main__":
    django.setup()
    build(int(sys.argv[1]))
