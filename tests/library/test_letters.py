"""What is compared with words of the index is folded as these are."""

import pytest

from broadsheet.library.letters import folded
from broadsheet.library.stems import AS_WRITTEN


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("Łódź, Iğdır", "lodz igdir"),
        ("ÆØÅ œuvre Straße þing đ", "aeoa oeuvre strasse thing d"),
        ("cafe\u0301_noir", "cafe noir"),
        ("İstanbul", "istanbul"),
        ("Война и мир", "война и мир"),
        ("Άνοιξη", "άνοιξη"),
        ("\ud800 one", "one"),
        ("x" * 80, "x" * 80),
        ("", ""),
    ],
)
def test_a_text_is_folded_once_and_for_all(text, plain):
    assert folded(text) == folded(plain) == plain


@pytest.mark.parametrize("text", ["Łódź, Iğdır", "ÆØÅ œuvre Straße þing đ", "Война и мир Άνοιξη ΟΔΟΣ", "Ἑλλάς 한국 日本 x₂ ½"])
def test_it_is_folded_as_the_index_has_its_words(text):
    assert folded(text) == " ".join(AS_WRITTEN.analyze(text))
