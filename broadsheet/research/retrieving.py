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
from broadsheet.research.choosing import CLOSED, worth
from broadsheet.research.digests import is_digest
from broadsheet.research.kin import weights, words_like
from broadsheet.research.sentences import goes_on
from broadsheet.research.sources import Found, Passage, Source

ARTICLES = 14  # whose sentences are looked at
FURTHER = 45  # that are found at all
DIGESTS = 4  # that are read of what is asked openly
ABOUT_THEM, ABOUT_ONE, IN_ITS_YEARS = 0.5, 0.2, 0.3  # what each of these is worth beside all that its words find
IN_OTHER_WORDS = 0.5
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
    read, others = _divided(looking, question, cards)
    passages = [passage for source, lines in read for passage in _passages(source, lines)]
    sources = (*(source for source, _ in read), *others)
    return Found(sources, tuple(passages), looking.rarities)


def _divided(
    looking: Looking, question: Question, cards: Sequence[tuple[Card, float, DocAddress]]
) -> tuple[list[tuple[Source, list[str]]], list[Source]]:
    """Those that are read, with their paragraphs; and the others. Of what is asked openly not many digests are read."""
    most = ARTICLES if question.asks in CLOSED else DIGESTS
    read: list[tuple[Source, list[str]]] = []
    others: list[Source] = []
    for card, score, address in cards:
        lines = _lines(looking, address) if len(read) < ARTICLES else []
        source = _source(looking, card, score, digest=is_digest(lines))
        if not lines or (source.digest and sum(one.digest for one, _ in read) == most):
            others.append(source)
        else:
            read.append((source, lines))
    return read, others


def _headlined(
    looking: Looking, question: Question, cards: Sequence[tuple[Card, float, DocAddress]]
) -> list[tuple[Card, float, DocAddress]]:
    """Whose headline says more of the question, comes sooner; from 0 to 1 again."""
    weighed = weights(question.terms, looking.rarities)
    total = sum(weighed.values()) or 1.0
    scored = [(card, score + HEADLINE * worth(weighed, card.headline) / total, address) for card, score, address in cards]
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
    typed = parse(question.matter.replace(" -", " ")).plainly()
    others = (other for asks, stem, other in _OTHER_WORDS if asks is question.asks and stem in question.terms)
    return Query((*typed.items, *(Item((Word(other),)) for other in others)))


def _hits(looking: Looking, question: Question, meaning: Meaning | None, at: datetime) -> list[Hit]:
    """The best first, from 0 to 1: by its words, and by them among what is about its countries or came out in its years."""
    query = query_of(question)
    scores: dict[tuple[int, int], float] = {}
    addresses: dict[tuple[int, int], DocAddress] = {}
    for weight, asked in _asked(looking, question, query):
        found = _found(looking, asked, meaning, at)
        best = max((score for score, _ in found), default=0.0) or 1.0
        for score, address in found:
            place = finder.place((score, address))
            scores[place], addresses[place] = scores.get(place, 0.0) + weight * score / best, address
    first = sorted(scores, key=lambda place: (-scores[place], place))[:FURTHER]
    best = (scores[first[0]] if first else 0.0) or 1.0
    return [(scores[place] / best, addresses[place]) for place in first]


def _asked(looking: Looking, question: Question, query: Query) -> Iterator[tuple[float, Query]]:
    yield 1.0, query
    others = tuple(_in_other_words(looking, item) for item in query.items)
    if others != query.items:
        yield IN_OTHER_WORDS, Query(others)
    for weight, narrower in _narrower(question):
        yield weight, Query((*query.items, *narrower))


def _in_other_words(looking: Looking, item: Item) -> Item:
    """A form or spelling of its word that is the most usual of those that are not its own."""
    others = words_like(str(item))
    return Item((Word(max(others, key=looking.frequency)),)) if others else item


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


def _source(looking: Looking, card: Card, score: float, *, digest: bool = False) -> Source:
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
        digest=digest,
    )


def _lines(looking: Looking, address: DocAddress) -> list[str]:
    _, free, rest = looking.opened(address)
    return f"{free}\n{rest}".splitlines()[:MOST_PARAGRAPHS]


def _passages(source: Source, lines: Sequence[str]) -> Iterator[Passage]:
    speaker = ""
    for number, text in enumerate(lines):
        speaker = goes_on(text, speaker)
        yield Passage(source, number, text, speaker)
