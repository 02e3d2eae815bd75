"""The file of vectors: what counts as embedded, and what it keeps."""

import numpy as np
import pytest

from broadsheet.library.documents import Mark
from broadsheet.library.keeping import current, rebuild
from broadsheet.library.vectors import DIMENSIONS, RECORD, append, parts_of, read, records, tidy
from tests.library.conftest import document

LONG = "What stands here is free for everybody who comes by and reads. " * 20


@pytest.fixture
def file(tmp_path):
    return tmp_path / "vectors"


def printed(number, change=1):
    return document(number, "note", f"Note {number}", change=change, free=LONG)


def embedded(of):
    return records(of, np.ones((len(list(parts_of(of))), DIMENSIONS), np.float32))


def passages_of(number, file):
    return int((read(file).ids == number).sum())


def test_what_a_killed_writer_left_in_part_is_not_embedded_until_it_is_whole(file):
    first, second = printed(1), printed(2)
    append(file, embedded(first))
    append(file, embedded(second)[:-1])
    assert (read(file).imprints, passages_of(2, file)) == ({1: first.imprint}, 0)

    append(file, embedded(second))

    assert read(file).imprints == {1: first.imprint, 2: second.imprint}
    assert passages_of(2, file) == len(embedded(second)) > 1


def test_a_printing_in_part_leaves_the_one_before(file):
    before = printed(1)
    append(file, embedded(before))
    append(file, embedded(printed(1, change=2))[:1])

    assert read(file).imprints == {1: before.imprint}
    assert passages_of(1, file) == len(embedded(before))


def test_what_was_written_last_stands(file):
    for change in (1, 3, 2):
        append(file, embedded(printed(1, change)))
        append(file, embedded(printed(2, change)))

    assert read(file).imprints == {number: printed(number, 2).imprint for number in (1, 2)}


def test_what_an_older_version_wrote_counts_as_whole(file):
    rows = embedded(printed(1))
    rows["imprint"] = printed(1).imprint
    append(file, rows)

    assert read(file).imprints == {1: printed(1).imprint}
    assert passages_of(1, file) == len(rows)


def test_what_was_embedded_anew_since_is_dropped_once_it_is_most_of_the_file(file):
    for change in range(1, 51):
        append(file, embedded(printed(1, change)))
    append(file, embedded(printed(2)))
    before = read(file)

    tidy(file)

    after = read(file)
    assert file.stat().st_size == len(before.ids) * RECORD.itemsize
    assert (after.imprints, after.ids.tolist()) == (before.imprints, before.ids.tolist())
    assert np.array_equal(after.at(0), before.at(0))


def test_a_file_most_of_which_stands_is_left_alone(file):
    append(file, embedded(printed(1, change=1)))
    append(file, embedded(printed(1, change=2)))
    before = file.stat()

    tidy(file)

    assert (file.stat().st_ino, file.stat().st_size) == (before.st_ino, before.st_size)


def test_an_index_that_is_built_anew_takes_over_what_stands(tmp_path):
    documents = [printed(1, change=2)]
    for _ in range(2):
        rebuild(tmp_path, changes_after=lambda cursor: iter([(Mark(2), documents, [])]))
        for change in (1, 2):
            append(current(tmp_path) / "vectors", embedded(printed(1, change)))
    rebuild(tmp_path, changes_after=lambda cursor: iter([(Mark(2), documents, [])]))

    assert (current(tmp_path) / "vectors").stat().st_size == len(embedded(printed(1))) * RECORD.itemsize
