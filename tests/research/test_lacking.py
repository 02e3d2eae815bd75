"""What an answer lacks: told as it was typed, and offered only where it is about what is asked."""

import pytest

from broadsheet.research.asking import read
from broadsheet.research.lacking import as_typed, names_what_is_asked


@pytest.mark.parametrize(
    ("missing", "question", "told"),
    [
        (("kowalska", "Maria Kowalska of Gdansk"), "Who is Maria Kowalska of Gdansk?", ("Maria Kowalska of Gdansk",)),
        (("curl", "peru"), "Who won the Curling cup of Peru?", ("Curling", "Peru")),
        (("quillwort", "quillwort"), "What is quillwort’s price?", ("quillwort",)),
        (("1985–1987",), "Who won?", ("1985–1987",)),
    ],
)
def test_what_was_nowhere_found_is_told_once_as_it_was_typed(missing, question, told):
    assert as_typed(missing, question) == told


@pytest.mark.parametrize(
    ("question", "told", "countries", "is_about"),
    [
        ("What is the AUKUS agreement?", "Agreement on trade with Guatemala", ("Guatemala",), False),
        ("What is the AUKUS agreement?", "Three leaders on AUKUS", (), True),
        ("What is the Brumal agreement?", "The Brumal agreement signed", (), True),
        ("What drives ties between Kenya and Ethiopia?", "The envoy goes home", ("Kenya",), True),
        ("What drives ties between Kenya and Ethiopia?", "The envoy of Kenya goes home", (), True),
        ("What drives ties between Kenya and Ethiopia?", "The envoy goes home", ("Mali",), False),
        ("What makes an alliance last?", "The envoy goes home", (), True),
    ],
)
def test_what_may_be_read_in_part_is_offered_where_it_names_what_is_asked(question, told, countries, is_about):
    assert names_what_is_asked(read(question), told, countries=countries) is is_about
