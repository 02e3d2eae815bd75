"""What a spreadsheet opens runs nothing."""

import pytest

from broadsheet.kit.spreadsheets import csv_lines, defused


@pytest.mark.parametrize("cell", ["=1+1", "+1", "-1", "@SUM(A1)", " =1", "\t=1", "\r=1"])
def test_no_cell_is_a_formula(cell):
    assert defused(cell) == f"'{cell}"


def test_numbers_stay_numbers_and_a_comma_divides_nothing():
    assert list(csv_lines([("a", "b"), (-1, "one, two")])) == ["a,b\r\n", '-1,"one, two"\r\n']
