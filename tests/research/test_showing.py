"""A brief as pages show it."""

import pytest

from broadsheet.research.showing import as_a_name


@pytest.mark.parametrize(
    ("speaker", "name"),
    [
        ("PM", "PM"),
        ("THE PRESIDENT", "The President"),
        ("MR. O’NEILL", "Mr. O’Neill"),
        ("PRESIDENT NIINISTÖ", "President Niinistö"),
        ("MR. McGURK", "Mr. McGurk"),
        ("CNN", "CNN"),
        ("AMEL’S COUNCIL", "Amel’s Council"),
        ("Sen. Ada Lind (R-SC)", "Sen. Ada Lind (R-SC)"),
    ],
)
def test_names_in_capitals_are_written_as_names_and_abbreviations_as_they_are(speaker, name):
    assert as_a_name(speaker) == name
