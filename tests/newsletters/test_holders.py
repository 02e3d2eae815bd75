"""Who sends: known to live, known to be dead, or not known here."""

import pytest

from broadsheet.newsletters.holders import dead_among, held


def test_whoever_lives_is_not_dead_and_whoever_is_gone_is(tmp_path):
    with held(tmp_path) as gone:
        pass
    with held(tmp_path) as living:
        assert dead_among([living, gone], tmp_path) == {gone}


def test_of_a_sender_on_another_machine_nothing_is_known_though_both_have_one_name(tmp_path):
    """As two containers have that were made from one image."""
    with held(tmp_path / "there") as living:
        assert dead_among([living], tmp_path / "here") == set()
        assert dead_among([living], tmp_path / "there") == set()
    assert dead_among([living], tmp_path / "here") == set()
    assert dead_among([living], tmp_path / "there") == {living}


def test_whoever_fails_leaves_no_file(tmp_path):
    with pytest.raises(ZeroDivisionError), held(tmp_path) as failed:
        raise ZeroDivisionError

    assert not (tmp_path / failed).exists()
    assert dead_among([failed], tmp_path) == {failed}


def test_all_that_hold_a_file_in_a_folder_know_each_other(tmp_path):
    with held(tmp_path) as one, held(tmp_path) as other:
        assert one != other
        assert one.partition("-")[0] == other.partition("-")[0]
