"""How well sentences are chosen that answer a question: on WikiQA, in one passage each, and over all passages by the own search.

`python -m bench.answers [FOLDER] [--train]`. FOLDER holds the collection (docs.jsonl.gz, sents.jsonl.gz); without it that beside
the project is taken. MAP and MRR over questions with at least one answer; hit3 and hit5: whether one stands among the first three
or five over all passages. The figures are those of the test questions, by which nothing was chosen: the weights were learnt on
those of training, and settled on those of development. References in the same run: BM25, and closeness of MiniLM alone.
"""

import sys
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from hashlib import sha256
from pathlib import Path

import ir_measures
import numpy as np
from ir_measures import AP, RR

from bench.search_quality import BESIDE, CACHE, LONG_AGO, collection, lines, meaning_of
from broadsheet.library.finder import Meaning
from broadsheet.library.looking import Looking
from broadsheet.library.minilm import SHA256, MiniLM
from broadsheet.library.sight import EVERYTHING
from broadsheet.library.tantivy_index import Writing, new_index
from broadsheet.library.vectors import Floats
from broadsheet.research import answering, asking, choosing, nearness, retrieving
from broadsheet.research.answering import Near
from broadsheet.research.choosing import Said
from broadsheet.research.sentences import Sentence
from broadsheet.research.sources import Passage, Rarities, Source

SPLITS = ("dev", "test")
AT_ONCE = 2_000  # sentences between two lines that say how far it is
K1, B = 1.2, 0.75
Scores = Callable[[str, Sequence[str], Rarities], list[float]]


@dataclass(frozen=True, slots=True)
class Asked:
    """A question with the sentences of its passage; `answers`: which of them answer it."""

    id: str
    text: str
    passage: str
    sentences: tuple[str, ...]
    answers: frozenset[int]


class Embedded:
    """A model whose vectors of the collection's sentences were kept: `choosing.Nearness`, without waiting for it each time."""

    def __init__(self, model: MiniLM, vectors: dict[str, Floats]) -> None:
        self._model, self._vectors = model, vectors

    def of(self, question: str, texts: Sequence[str], *, together: Sequence[object]) -> list[Near]:
        return nearness.near(self.asked(question), np.stack([self._vectors[text] for text in texts]), together=together)

    def asked(self, question: str) -> Floats:
        if question not in self._vectors:
            self._vectors[question] = self._model.embed([question])[0]
        return self._vectors[question]


def questions(folder: Path) -> tuple[dict[str, list[Asked]], dict[str, tuple[str, ...]]]:
    """By split those that have an answer; and the sentences of all passages, whose text is these, one after another."""
    names = {doc["text"]: doc["id"] for doc in lines(folder / "docs.jsonl.gz")}
    rows: dict[tuple[str, str], list[dict[str, str]]] = defaultdict(list)
    for row in lines(folder / "sents.jsonl.gz"):
        rows[row["split"], row["qid"]].append(row)
    asked: dict[str, list[Asked]] = defaultdict(list)
    passages: dict[str, tuple[str, ...]] = {}
    for (split, qid), own in rows.items():
        texts = tuple(row["s"] for row in own)
        passage = own[0]["did"] or names[" ".join(texts)]
        passages[passage] = texts
        if answers := frozenset(n for n, row in enumerate(own) if row["y"]):
            asked[split].append(Asked(qid, own[0]["q"], passage, texts, answers))
    return asked, passages


def embedded(model: MiniLM, texts: Sequence[str]) -> Embedded:
    file = CACHE / f"sentences-{sha256((SHA256 + chr(0).join(texts)).encode()).hexdigest()[:16]}.npy"
    if not file.exists():
        CACHE.mkdir(parents=True, exist_ok=True)
        parts = []
        for begin in range(0, len(texts), AT_ONCE):
            print(f"Embedding sentences: {begin:,} of {len(texts):,} …", flush=True)
            parts.append(model.embed(texts[begin : begin + AT_ONCE]))
        np.save(file, np.concatenate(parts))
    return Embedded(model, dict(zip(texts, np.load(file), strict=True)))


# One passage a question


def judged(asked: Sequence[Asked], scores: Scores, rarities: Rarities) -> tuple[float, float]:
    qrels, run = [], []
    for one in asked:
        for place, n in enumerate(answering.in_order(one.sentences, scores(one.text, one.sentences, rarities))):
            qrels.append(ir_measures.Qrel(one.id, str(n), int(n in one.answers)))
            run.append(ir_measures.ScoredDoc(one.id, str(n), -float(place)))
    figures = ir_measures.calc_aggregate([AP, RR], qrels, run)
    return figures[AP], figures[RR]


def by_ours(question: str, texts: Sequence[str], rarities: Rarities, *, model: Embedded | None) -> list[float]:
    said = _said(Source(0, "", "", LONG_AGO.date()), texts)
    near = model.of(question, texts, together=[0] * len(texts)) if model else None
    return answering.scores(asking.read(question), [one.candidate for one in said], rarities=rarities, near=near)


def by_bm25(question: str, texts: Sequence[str], rarities: Rarities) -> list[float]:
    terms = list(dict.fromkeys(asking.stems(question)))
    stemmed = [asking.stems(text) for text in texts]
    usual = sum(map(len, stemmed)) / len(stemmed) or 1.0
    return [
        sum(
            weight * own.count(term) * (K1 + 1) / (own.count(term) + K1 * (1 - B + B * len(own) / usual))
            for term, weight in zip(terms, rarities(terms), strict=True)
        )
        for own in stemmed
    ]


def by_meaning(question: str, texts: Sequence[str], _: Rarities, *, model: Embedded) -> list[float]:
    return [one.question for one in model.of(question, texts, together=[0] * len(texts))]


def _said(source: Source, texts: Sequence[str]) -> Iterator[Said]:
    before = None
    for place, text in enumerate(texts):
        sentence = Sentence(text)
        yield Said(sentence, Passage(source, place, text), place, before, texts[0])
        before = sentence


# Over all passages


@dataclass(frozen=True, slots=True)
class Whole:
    """All passages, indexed as the product does. `names`: of passages, by their number there."""

    looking: Looking
    meaning: Meaning
    names: Sequence[str]
    sentences: dict[str, tuple[str, ...]]

    def found(self, question: str, model: Embedded | None) -> list[tuple[str, int]]:
        """Passage and sentence, the best first."""
        read = asking.read(question)
        found = retrieving.found_in(self.looking, read, meaning=self.meaning if model else None, at=LONG_AGO)
        some = found.sources[: retrieving.ARTICLES]
        said = [one for source in some for one in _said(source, self.sentences[self.names[source.id]])]
        best = choosing.ranked(read, said, rarities=found.rarities, nearness=model)
        return [(self.names[one.said.passage.source.id], one.said.place) for one in best]


def hits(whole: Whole, asked: Sequence[Asked], model: Embedded | None) -> dict[int, float]:
    """The share of questions with an answer among the first so many."""
    first = []
    for one in asked:
        right = {(one.passage, n) for n in one.answers}
        found = whole.found(one.text, model)
        first.append(next((place for place, each in enumerate(found, start=1) if each in right), len(found) + 1))
    return {most: sum(place <= most for place in first) / len(first) for most in (1, 3, 5)}


def whole_of(folder: Path, model: MiniLM, sentences: dict[str, tuple[str, ...]]) -> Whole:
    all_of_it = collection(folder)
    writing = Writing(new_index())
    for each in all_of_it.documents:
        writing.put(each)
    writing.commit(cursor=1)
    return Whole(Looking(writing.index.searcher(), EVERYTHING), meaning_of(all_of_it, model), all_of_it.names, sentences)


def main(folder: Path) -> None:
    if not folder.exists():
        raise SystemExit(f"There is no judged collection in {folder}: name a folder of it.")
    asked, sentences = questions(folder)
    texts = sorted({text for own in sentences.values() for text in own})
    minilm = MiniLM()
    model, whole = embedded(minilm, texts), whole_of(folder, minilm, sentences)
    ways: dict[str, Scores] = {
        "BM25": by_bm25,
        "MiniLM": partial(by_meaning, model=model),
        "ours, words alone": partial(by_ours, model=None),
        "ours": partial(by_ours, model=model),
    }
    figures: dict[str, float] = {}
    for split in (*SPLITS, *(["train"] if "--train" in sys.argv else [])):
        for name, way in ways.items():
            figures["wikiqa_map"], figures["wikiqa_mrr"] = judged(asked[split], way, whole.looking.rarities)
            print(f"{split:5} {name:18} MAP {figures['wikiqa_map']:.3f}  MRR {figures['wikiqa_mrr']:.3f}", flush=True)
        for name, by in (("words alone", None), ("ours", model)):
            at = hits(whole, asked[split], by)
            figures |= {f"hit{most}": share for most, share in at.items()}
            print(
                f"{split:5} over all, {name:11}" + "  ".join(f"hit{most} {share:.3f}" for most, share in at.items()), flush=True
            )
    for name, value in figures.items():
        print(f"FIGURE {name}={value:.4f}")


if __name__ == "__main__":
    main(next((Path(each) for each in sys.argv[1:] if not each.startswith("--")), BESIDE / "wikiqa"))
