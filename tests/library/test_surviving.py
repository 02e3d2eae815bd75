"""The index survives whatever befalls who writes it: killed at any moment, or out of room."""

import random
import signal
import subprocess
import sys
import threading

import pytest

from broadsheet.library.keeping import LARGEST, Reader, current, keep_up, rebuild
from broadsheet.library.looking import Looking
from broadsheet.library.query import parse
from broadsheet.library.sight import EVERYTHING
from broadsheet.library.tantivy_index import damage, open_index
from tests.library import a_writer
from tests.library.a_writer import CANNOT_WRITE, changes_after, press_until, stands

UNTIL, HALF, KILLS = 150, 70, 4
NO_ROOM = 3_000  # bytes a file


def writing(folder, until, *more):
    words = [sys.executable, "-m", "tests.library.a_writer", str(folder), str(until), *map(str, more)]
    return subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def held(folder):
    """How far it came, and each article's imprint, headline and text, as a process that begins now would find them."""
    path = current(folder)
    assert damage(path) == ""
    looking = Looking(open_index(path).searcher(), EVERYTHING)
    imprints = looking.imprints(0, LARGEST)
    hits = looking.by_date(looking.everything(), most=1_000, skip=0, newest_first=True)
    found = [looking.opened(address) for _, address in hits]
    opened = {card.id: (imprints[card.id], card.headline, free, rest) for card, free, rest in found}
    assert opened.keys() == imprints.keys()
    return looking.mark().change, opened


def whole(until):
    return {pk: (one.imprint, one.headline, one.free, one.rest) for pk, one in stands(until).items()}


def found_in(folder):
    """How many documents each word is found in, and each change."""
    looking = Looking(open_index(current(folder)).searcher(), EVERYTHING)
    asked = [*a_writer.WORDS, *(f'"change {n}"' for n in range(UNTIL + 1))]
    return {text: looking.count(looking.matching(parse(text).items)) for text in asked}


def are_of_some_time(opened, before, until, came):
    """What it was followed to is as it was then; what comes later is as it was before, or newer already."""
    older, newer = whole(before), whole(until)
    changed = {a_writer.document(change).id: change for change in range(1, until + 1)}
    may_be = {pk: (newer.get(pk),) if changed[pk] <= came else (older.get(pk), newer.get(pk)) for pk in changed}
    return all(opened.get(pk) in those for pk, those in may_be.items()) and opened.keys() <= changed.keys()


@pytest.mark.timeout(300)
@pytest.mark.parametrize("seed", range(2))
def test_whoever_is_killed_at_any_moment_leaves_an_index_that_is_whole(tmp_path, seed):
    """While it is built, and while it follows."""
    folder, chance, pause = tmp_path / "library", random.Random(seed), threading.Event()
    for before, until in ((0, HALF), (HALF, UNTIL)):
        for _ in range(KILLS):
            process = writing(folder, until)
            for _ in range(chance.randrange(8)):
                process.stdout.readline()
            pause.wait(chance.random() / 50)
            process.send_signal(signal.SIGKILL)
            process.communicate()
            if current(folder):
                came, opened = held(folder)
                assert are_of_some_time(opened, before, until, came)
        keep_up(folder, press=press_until(until), thorough=True)
        assert held(folder) == (until, whole(until))

    rebuild(tmp_path / "anew", changes_after=lambda cursor: changes_after(cursor, UNTIL))
    assert found_in(folder) == found_in(tmp_path / "anew")
    assert [path.name for path in folder.glob("v*-*")] == [current(folder).name]


def test_without_room_what_stood_is_found_and_the_next_to_write_goes_on(tmp_path):
    folder = tmp_path / "library"
    keep_up(folder, press=press_until(HALF))
    _, says = (process := writing(folder, UNTIL, NO_ROOM)).communicate()

    assert (process.returncode, held(folder)) == (CANNOT_WRITE, (HALF, whole(HALF)))
    assert "cannot be written" in says
    assert "Make room on its disk" in says
    assert Reader(folder).looking(EVERYTHING).size == len(whole(HALF))

    keep_up(folder, press=press_until(UNTIL))
    assert held(folder) == (UNTIL, whole(UNTIL))


def test_a_build_without_room_leaves_nothing_that_takes_some(tmp_path):
    folder = tmp_path / "library"
    (process := writing(folder, UNTIL, NO_ROOM)).communicate()

    assert process.returncode == CANNOT_WRITE
    assert list(folder.glob("v*-*")) == []
