"""An index that is built whole is as one that followed, and what is left half built writes no more."""

import pytest

from broadsheet.library import writing
from broadsheet.library.documents import Mark
from broadsheet.library.keeping import LARGEST
from broadsheet.library.looking import Looking
from broadsheet.library.sight import EVERYTHING
from broadsheet.library.tantivy_index import Writing, damage, new_index, open_index
from broadsheet.library.writing import LEAST_HEAP, MOST_HEAP, room, write, write_all
from tests.library.a_writer import ARTICLES, document


def ignored(_):
    pass


def changes():
    """Three articles; while they are read the first is printed again and the second taken away."""
    yield Mark(3, document(3).imprint), [document(1), document(2), document(3)], [LARGEST]
    newest = document(1 + ARTICLES)
    yield Mark(newest.change, newest.imprint), [newest], [document(2).id]


@pytest.mark.parametrize("how", [write, write_all])
def test_of_what_was_printed_again_meanwhile_the_newest_stands_once(tmp_path, how):
    assert how(new_index(tmp_path), tmp_path, changes(), ignored) == 6

    looking = Looking(open_index(tmp_path).searcher(), EVERYTHING)
    stands = [document(1 + ARTICLES), document(3)]
    assert looking.imprints(0, LARGEST) == {one.id: one.imprint for one in stands}
    assert (looking.size, looking.mark()) == (2, Mark(1 + ARTICLES, stands[0].imprint))
    assert damage(tmp_path) == ""


def test_a_build_that_is_stopped_lets_go_of_its_index(tmp_path):
    def stopped():
        yield from changes()
        raise InterruptedError

    index = new_index(tmp_path)
    with pytest.raises(InterruptedError):
        write_all(index, tmp_path, stopped(), ignored)

    Writing(index).close()  # it would refuse while another held the lock


@pytest.mark.parametrize(
    ("free", "allowed", "taken"),
    [
        ("MemAvailable: 2000000 kB", "max", 204_800_000),
        ("MemAvailable: 2000000 kB", "1000000000", 100_000_000),
        ("MemAvailable: 64000000 kB", None, MOST_HEAP),
        ("MemAvailable: 100000 kB", None, LEAST_HEAP),
        ("nothing of that kind", "9000000000", LEAST_HEAP),
        (None, None, LEAST_HEAP),
    ],
)
def test_a_build_takes_a_tenth_of_the_memory_that_is_free_within_bounds(tmp_path, monkeypatch, free, allowed, taken):
    for name, said in (("FREE", free), ("ALLOWED", allowed)):
        file = tmp_path / name
        if said:
            file.write_text(said)
        monkeypatch.setattr(writing, name, file)

    assert room() == taken
