"""Closeness in meaning: to the question, and to what stands around in the same article."""

import numpy as np
import pytest

from broadsheet.research.nearness import Nearness, near

EAST, NORTH = [1.0, 0.0], [0.0, 1.0]


def test_what_points_where_the_question_does_is_near_it():
    first, second = near(np.array(EAST), np.array([EAST, NORTH]), together=["a", "b"])

    assert (first.question, second.question) == (1.0, 0.0)


def test_around_is_the_own_article_alone():
    alone, *pair = near(np.array(EAST), np.array([NORTH, EAST, EAST]), together=["a", "b", "b"])

    assert [round(one.around, 3) for one in (alone, *pair)] == [1.0, 1.0, 1.0]


@pytest.mark.parametrize("texts", [[], ["Vessels wait for weeks.", "Apples ripen."]])
def test_a_model_is_asked_once_for_the_question_and_once_for_all_sentences(texts):
    model = Counting()

    found = Nearness(model).of("Why are ships delayed?", texts, together=[0] * len(texts))

    assert len(found) == len(texts)
    assert model.asked == ([["Why are ships delayed?"], texts] if texts else [])


def test_of_sentences_that_come_again_the_model_is_asked_for_the_new_alone():
    model = Counting()
    nearness = Nearness(model, keeps=2)

    for texts in (["One.", "Two."], ["Two.", "Three.", "Three."], ["One.", "Three."]):
        assert len(nearness.of("Why?", texts, together=[0] * len(texts))) == len(texts)

    assert model.asked[1:] == [["One.", "Two."], ["Three."], ["One."]]


class Counting:
    """A model whose every text points east."""

    def __init__(self):
        self.asked = []

    def embed(self, texts):
        self.asked.append(list(texts))
        return np.array([EAST] * len(texts), np.float32)
