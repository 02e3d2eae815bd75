"""Of many sentences the likeliest are looked at closely, and each thing once."""

from broadsheet.research.answering import Near
from broadsheet.research.asking import read
from broadsheet.research.choosing import WORDS_EMBEDDED, ranked, said_in
from tests.research import make

QUESTION = read("Why did Sudan close the Ormen Canal?")


class Hearing:
    """A nearness that likes whatever has ships in it, and keeps what it was asked."""

    def __init__(self):
        self.texts = []

    def of(self, question, texts, *, together):
        self.texts = list(texts)
        return [Near(0.9 if "ships" in text.casefold() else 0.1, 0.5) for text in texts]


def said(*texts):
    return [one for text in texts for one in said_in(make.passages(text))]


def test_meaning_decides_among_the_likeliest():
    texts = ["Sudan closed the Ormen Canal, as usual.", "Ships had sunk in the Ormen Canal in Sudan."]

    first, *_ = ranked(QUESTION, said(*texts), rarities=make.evenly, nearness=Hearing())

    assert first.said.text == texts[1]
    assert first.close == 0.9


def test_what_is_said_every_year_is_compared_once():
    hearing = Hearing()
    notices = [f"Sudan closed the Ormen Canal by order number {n}." for n in range(30)]

    ranking = ranked(QUESTION, said(*notices, "Ships had sunk in the Ormen Canal."), rarities=make.evenly, nearness=hearing)

    assert len(hearing.texts) == 2
    assert len(ranking) == 31


def test_no_more_is_compared_than_time_allows():
    hearing = Hearing()
    texts = [" ".join(f"canal{n}word{m}" for m in range(40)) + " in the Ormen Canal." for n in range(40)]

    ranked(QUESTION, said(*texts), rarities=make.evenly, nearness=hearing)

    assert len(hearing.texts) > 1
    assert sum(len(text.split()) for text in hearing.texts) <= WORDS_EMBEDDED


def test_what_is_said_knows_its_place():
    first, second, third = said("Sudan closed it. Ships waited.\nNobody paid.")

    assert [one.place for one in (first, second, third)] == [0, 1, 2]
    assert (second.before, third.before) == (first.sentence, None)
    assert third.topic == "A headline. Sudan closed it."


class Told:
    """A nearness that is known beforehand, by words of a sentence."""

    def __init__(self, **close):
        self.close = close

    def of(self, question, texts, *, together):
        return [Near(next((near for word, near in self.close.items() if word in text), 0.3), 0.5) for text in texts]


def test_what_is_asked_openly_is_answered_by_what_it_means_more_than_by_an_opening():
    text = "Sudan closed the Ormen Canal in May.\nIts locks had rotted and no money was left.\nShips go round the cape now."
    question = read("Why did Sudan close the Ormen Canal?")
    said = list(said_in(make.passages(text)))

    asked_openly = ranked(question, said, rarities=make.evenly, nearness=Told(rotted=0.7))
    by_words = ranked(question, said, rarities=make.evenly)

    assert _lead(asked_openly, "rotted") > _lead(by_words, "rotted") + 2


def _lead(order, word):
    """Of the sentence with that word over the first of its article."""
    return next(one.score for one in order if word in one.said.text) - next(one.score for one in order if one.said.place == 0)


def test_what_says_the_same_as_another_is_as_near_though_not_compared():
    told = "Ships brought wheat and salt and oil through the old Ormen Canal"
    articles = [*make.passages(f"{told} in Sudan."), *make.passages(f"{told} in its Sudan.")]
    hearing = Hearing()

    both = ranked(QUESTION, list(said_in(articles)), rarities=make.evenly, nearness=hearing)

    assert len(hearing.texts) == 1
    assert both[0].close is not None
    assert both[0].close == both[1].close


def test_a_profiles_line_that_begins_with_what_is_asked_for_comes_first():
    many = " ".join(f"Velland has parties of its own {n}, and Velland is Velland." for n in range(200))
    own = list(said_in(make.passages(f"{many}\nPolitical parties: Salt League Green Union", headline="Velland: Profile")))

    first = ranked(read("What are the political parties of Velland?"), own, rarities=make.evenly)[0]

    assert first.said.text.startswith("Political parties")
