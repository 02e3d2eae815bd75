"""How good the library's order is, on collections with judged answers: nDCG@10 and recall@100, by the product's own search.

`python -m bench.search_quality [FOLDER]`. FOLDER holds the collections (docs.jsonl.gz, queries.jsonl.gz, qrels.tsv.gz each);
without it those beside the project are taken. One setting for all of them. Reference of the same run: one field of Tantivy's, OR.
"""

import gzip
import json
import sys
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from hashlib import sha256
from pathlib import Path
from statistics import mean

import ir_measures
import numpy as np
from ir_measures import R, nDCG

from broadsheet.access.terms import Audience
from broadsheet.library.documents import Document, Named
from broadsheet.library.finder import Meaning, find, page_of, stems_of
from broadsheet.library.looking import Looking
from broadsheet.library.meaning import Meanings
from broadsheet.library.minilm import SHA256, MiniLM
from broadsheet.library.query import Query, parse
from broadsheet.library.sight import EVERYTHING
from broadsheet.library.tantivy_index import Writing, new_index
from broadsheet.library.vectors import parts_of, records, space_of

BESIDE = Path(__file__).resolve().parents[2] / "shared" / "data" / "judged"
CACHE = Path(__file__).resolve().parents[1] / ".state" / "bench"  # embedding takes half an hour
COLLECTIONS = ("cran", "cisi", "med", "npl", "ucistory", "wikiqa")
LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)
DEPTH = 100
Run = list[ir_measures.ScoredDoc]


@dataclass(frozen=True, slots=True)
class Collection:
    name: str
    names: list[str]  # of documents, by their number
    documents: list[Document]
    queries: dict[str, str]
    judged: list[ir_measures.Qrel]


def collection(folder: Path) -> Collection:
    docs, queries = (lines(folder / f"{name}.jsonl.gz") for name in ("docs", "queries"))
    judged = [line.split() for line in gzip.decompress((folder / "qrels.tsv.gz").read_bytes()).decode().splitlines()]
    return Collection(
        name=folder.name,
        names=[doc["id"] for doc in docs],
        documents=[document(number, doc) for number, doc in enumerate(docs)],
        queries={query["id"]: query["text"] for query in queries},
        judged=[ir_measures.Qrel(query, doc, int(grade)) for query, doc, grade in judged],
    )


def lines(file: Path) -> list[dict[str, str]]:
    return [json.loads(line) for line in gzip.decompress(file.read_bytes()).decode().splitlines()]


def document(number: int, doc: dict[str, str]) -> Document:
    return Document(
        id=number,
        change=1,
        story=f"s{number}",
        path=f"/{number}/",
        audience=Audience.OPEN,
        dated_at=LONG_AGO,
        headline=doc["title"] or "",
        standfirst="",
        free=doc["text"],
        rest="",
        label="",
        type=Named("", ""),
    )


def meaning_of(judged: Collection, model: MiniLM) -> Meanings:
    """Embedded once: the vectors stay beside the demo's state, named by the model and the texts."""
    parts = [text for each in judged.documents for _, text in parts_of(each)]
    name = sha256((SHA256 + "\0".join(parts)).encode()).hexdigest()[:16]
    file = CACHE / f"{judged.name}-{name}.npy"
    if not file.exists():
        print(f"Embedding {len(parts):,} passages of {judged.name} …", flush=True)
        CACHE.mkdir(parents=True, exist_ok=True)
        np.save(file, model.embed(parts))
    vectors, rows, start = np.load(file), [], 0
    for each in judged.documents:
        count = len(list(parts_of(each)))
        rows.append(records(each, vectors[start : start + count]))
        start += count
    return Meanings(model, space_of(np.concatenate(rows)))


def plain(text: str) -> Query:
    """Judged questions know nothing of operators: a dash is a dash."""
    return parse(text.replace(" -", " ")).plainly()


def ranked(looking: Looking, text: str, meaning: Meaning | None) -> list[int]:
    finding = find(looking, plain(text), meaning=meaning, at=LONG_AGO.timestamp())
    return looking.ids(page_of(finding, skip=0, most=DEPTH))


def reference(looking: Looking, text: str) -> list[int]:
    query = plain(text)
    weights = {stem: float(times) for stem, times in stems_of(query).items()}
    return looking.ids(looking.hits(looking.matching(query.items, least=1), looking.scoring(weights), most=DEPTH))


def run(judged: Collection, rank: Callable[[str], list[int]]) -> tuple[float, float]:
    run: Run = []
    for query, text in judged.queries.items():
        run += [ir_measures.ScoredDoc(query, judged.names[number], -float(place)) for place, number in enumerate(rank(text))]
    figures = ir_measures.calc_aggregate([nDCG @ 10, R @ 100], judged.judged, run)
    return figures[nDCG @ 10], figures[R @ 100]


def main(folder: Path) -> None:
    if not folder.exists():
        raise SystemExit(f"There are no judged collections in {folder}: name a folder of them.")
    model = MiniLM()
    fused: dict[str, tuple[float, float]] = {}
    words: dict[str, tuple[float, float]] = {}
    figures: dict[str, float] = {}
    for name in COLLECTIONS:
        judged = collection(folder / name)
        index = new_index()
        writing = Writing(index)
        for each in judged.documents:
            writing.put(each)
        writing.commit(cursor=1)
        looking, meaning = Looking(index.searcher(), EVERYTHING), meaning_of(judged, model)
        plainest = run(judged, partial(reference, looking))
        words[name] = run(judged, partial(ranked, looking, meaning=None))
        fused[name] = run(judged, partial(ranked, looking, meaning=meaning))
        rows = zip(("Tantivy, OR", "words alone", "fused"), (plainest, words[name], fused[name]), strict=True)
        print(
            f"{name:9}" + "   ".join(f"{title}: nDCG@10 {ndcg:.3f} recall@100 {recall:.3f}" for title, (ndcg, recall) in rows),
            flush=True,
        )
        figures |= {f"ndcg10_{name}": fused[name][0], f"recall100_{name}": fused[name][1]}
    figures["words_only_mean"] = mean(ndcg for ndcg, _ in words.values())
    for name, value in figures.items():
        print(f"FIGURE {name}={value:.4f}")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else BESIDE)
