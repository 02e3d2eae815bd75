"""What comes out of an answer: every planted word in headers and body, and every planted file."""

from collections.abc import Iterator
from urllib.parse import unquote

from tests.leaks.door import Answer, Browser
from tests.leaks.people import may_see
from tests.leaks.words import Word
from tests.leaks.world import World

LEAST_PART = 16  # bytes: a part of a file shorter than this says nothing of it
# The ways in which one address is asked for; a browser here runs no script.
WAYS: dict[str, dict[str, str]] = {
    "as browsers do": {},
    "in gzip": {"HTTP_ACCEPT_ENCODING": "gzip"},
    "uncompressed": {"HTTP_ACCEPT_ENCODING": "identity"},
    "a part": {"HTTP_RANGE": "bytes=0-65535", "HTTP_ACCEPT_ENCODING": "identity"},
    "the end": {"HTTP_RANGE": "bytes=-4096", "HTTP_IF_RANGE": '"x"', "HTTP_ACCEPT_ENCODING": "identity"},
    "as if known": {"HTTP_IF_NONE_MATCH": "*"},
    "as a robot": {"HTTP_USER_AGENT": "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)"},
    "in advance": {"HTTP_SEC_PURPOSE": "prefetch;prerender"},
}


def words_in(world: World, answer: Answer) -> set[Word]:
    """What the asker wrote into the address is no news to him."""
    found = world.vocabulary.found_in(answer.all) | set(_files_in(world, answer))
    return found - world.vocabulary.found_in(unquote(answer.path))


def _files_in(world: World, answer: Answer) -> Iterator[Word]:
    body = answer.plain
    if body in world.bytes_of_files:
        yield world.bytes_of_files[body]
    elif answer.status == 206 and len(body) >= LEAST_PART:
        yield from (word for file, word in world.bytes_of_files.items() if body in file)


def leaks(world: World, who: str, answer: Answer) -> list[str]:
    """A line for each word that this one may not see, and for a fault that could tell something."""
    seen = [f"{answer.path} tells {who}: {word}" for word in words_in(world, answer) if not may_see(who, word, answer.path)]
    # A file's name is in its address; its bytes are looked at even so.
    seen += [f"{answer.path} gives {who} a file: {w}" for w in _files_in(world, answer) if not may_see(who, w, answer.path)]
    return seen + ([f"{answer.path} fails for {who}"] if answer.status >= 500 and answer.status != 503 else [])


def leaks_everywhere(world: World, who: str, browser: Browser, paths: list[str], ways: dict[str, dict[str, str]]) -> list[str]:
    found: list[str] = []
    for path in paths:
        for headers in ways.values():
            found += leaks(world, who, browser.get(path, **headers))
        found += leaks(world, who, browser.head(path))
    return sorted(set(found))
