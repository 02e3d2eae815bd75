"""Asks the library: from a question to articles and their paragraphs, in the sight of whoever asks.

What is not as the press has it by now is left out: a quotation must stand on the page to which it leads.
"""

from collections.abc import Iterator, Sequence
from datetime import date, datetime

from tantivy import DocAddress

from broadsheet.library import finder
from broadsheet.library.finder import Meaning
from broadsheet.library.gazetteer import shipped
from broadsheet.library.keeping import Reader
from broadsheet.library.looking import Looking
from broadsheet.library.query import Day, Item, Query, Tag, Word, parse
from broadsheet.library.sight import Sight
from broadsheet.library.tantivy_index import Card, Hit
from broadsheet.research.asking import Asks, Question
from broadsheet.research.choosing import worth
from broadsheet.research.sentences import goes_on
from broadsheet.research.sources import Found, Passage, Source

ARTICLES = 14  # whose sentences are looked at
FURTHER = 30  # that are found at all
ABOUT_THEM, ABOUT_ONE, IN_ITS_YEARS = 0.5, 0.2, 0.3  # what each of these is worth beside all that its words find
BOUND = 1.0  # and in years beside which nothing answers
HEADLINE = 0.4  # and in whose headline all of it stands
MOST_PARAGRAPHS = 400  # of an article
# What a question says in other words than its answer.
_OTHER_WORDS = (
    (Asks.COUNT, "live", "population"),
    (Asks.COUNT, "peopl", "population"),
    (Asks.COUNT, "die", "killed"),
    (Asks.AMOUNT, "larg", "area"),
    (Asks.AMOUNT, "big", "area"),
    (Asks.WHO, "lead", "leader"),
    (Asks.WHO, "rule", "leader"),
)


def look_up(question: Question, *, sight: Sight, at: datetime, reader: Reader) -> Found:
    """Raises `library.keeping.NotBuilt`."""
    with reader.reading():
        looking = reader.looking(sight)
        return found_in(looking, question, meaning=reader.meaning(looking), at=at, reader=reader)


def found_in(
    looking: Looking, question: Question, *, meaning: Meaning | None, at: datetime, reader: Reader | None = None
) -> Found:
    """`reader`: knows how articles stand with the press; without one all stand as they were indexed."""
    hits = _hits(looking, question, meaning, at)
    cards = _headlined(looking, question, _standing(looking, hits, reader))
    sources = [(_source(looking, card, score), address) for card, score, address in cards]
    passages = [passage for source, address in sources[:ARTICLES] for passage in _passages(looking, source, address)]
    return Found(tuple(source for source, _ in sources), tuple(passages), looking.rarities)


def _headlined(
    looking: Looking, question: Question, cards: Sequence[tuple[Card, float, DocAddress]]
) -> list[tuple[Card, float, DocAddress]]:
    """Whose headline says more of the question, comes sooner; from 0 to 1 again."""
    weights = dict(zip(question.terms, looking.rarities(question.terms), strict=True))
    total = sum(weights.values()) or 1.0
    scored = [(card, score + HEADLINE * worth(weights, card.headline) / total, address) for card, score, address in cards]
    best = max((score for _, score, _ in scored), default=0.0) or 1.0
    return sorted(((card, score / best, address) for card, score, address in scored), key=lambda one: (-one[1], one[0].id))


def _standing(looking: Looking, hits: Sequence[Hit], reader: Reader | None) -> list[tuple[Card, float, DocAddress]]:
    cards = [(looking.card(address), score, address) for score, address in hits]
    if reader is None or reader.printed is None:
        return cards
    stands = reader.printed([card.id for card, _, _ in cards])
    return [one for one in cards if (now := stands.get(one[0].id)) and now.imprint == one[0].imprint]


def query_of(question: Question) -> Query:
    """Its words as typed, where a dash is a dash, and those that its answer would say instead."""
    typed = parse(question.text.replace(" -", " ")).plainly()
    others = (other for asks, stem, other in _OTHER_WORDS if asks is question.asks and stem in question.terms)
    return Query((*typed.items, *(Item((Word(other),)) for other in others)))


def _hits(looking: Looking, question: Question, meaning: Meaning | None, at: datetime) -> list[Hit]:
    """The best first, from 0 to 1: by its words, and by them among what is about its countries or came out in its years."""
    query = query_of(question)
    scores: dict[tuple[int, int], float] = {}
    addresses: dict[tuple[int, int], DocAddress] = {}
    for weight, narrower in ((1.0, ()), *_narrower(question)):
        found = _found(looking, Query((*query.items, *narrower)), meaning, at)
        best = max((score for score, _ in found), default=0.0) or 1.0
        for score, address in found:
            place = finder.place((score, address))
            scores[place], addresses[place] = scores.get(place, 0.0) + weight * score / best, address
    first = sorted(scores, key=lambda place: (-scores[place], place))[:FURTHER]
    best = (scores[first[0]] if first else 0.0) or 1.0
    return [(scores[place] / best, addresses[place]) for place in first]


def _narrower(question: Question) -> Iterator[tuple[float, tuple[Item, ...]]]:
    tags = [Tag("country", shipped().actors[f"country:{code}"].name) for code in question.countries]
    if tags:
        yield ABOUT_THEM, tuple(Item((tag,)) for tag in tags)
    if len(tags) > 1:
        yield ABOUT_ONE, (Item(tuple(tags)),)
    if question.years:
        first, last = question.years
        until = () if question.open_ended else (Item((Day("before", "", date(last + 1, 1, 1)),)),)
        yield BOUND if question.is_bound else IN_ITS_YEARS, (Item((Day("after", "", date(first, 1, 1)),)), *until)


def _found(looking: Looking, query: Query, meaning: Meaning | None, at: datetime) -> list[Hit]:
    finding = finder.find(looking, query, meaning=meaning, at=at.timestamp())
    return finder.page_of(finding, skip=0, most=FURTHER)


def _source(looking: Looking, card: Card, score: float) -> Source:
    return Source(
        id=card.id,
        path=card.path,
        headline=card.headline,
        dated_on=card.dated_at.date(),
        contributors=tuple(one.name for one in card.contributors),
        label=card.label,
        countries=tuple(one.name for one in card.countries),
        score=score,
        full=looking.sight.is_full(story=card.story, audience=card.audience),
    )


def _passages(looking: Looking, source: Source, address: DocAddress) -> Iterator[Passage]:
    _, free, rest = looking.opened(address)
    speaker = ""
    for number, text in enumerate(f"{free}\n{rest}".splitlines()[:MOST_PARAGRAPHS]):
        speaker = goes_on(text, speaker)
        yield Passage(source, number, text, speaker)
