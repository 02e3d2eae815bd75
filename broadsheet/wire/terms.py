"""The words by which tellings are compared: stemmed as their language asks, stop words left out, numbers whole."""

import re
from collections.abc import Iterator
from functools import lru_cache

import tantivy

_STEMMERS = {
    "ar": "arabic",
    "da": "danish",
    "de": "german",
    "el": "greek",
    "en": "english",
    "es": "spanish",
    "fi": "finnish",
    "fr": "french",
    "hu": "hungarian",
    "it": "italian",
    "nl": "dutch",
    "no": "norwegian",
    "pt": "portuguese",
    "ro": "romanian",
    "ru": "russian",
    "sv": "swedish",
    "tr": "turkish",
}
_WITHOUT_STOP_WORDS = {"ar", "el", "ro", "tr"}  # Tantivy has no list of theirs
_NUMBER = re.compile(r"(?<!\w)\d+(?:[.,]\d+)*(?!\w)")
_DOTTED = re.compile(r"\b(?:[^\W\d_]\.){2,}")  # U.S.
_YEAR = re.compile(r"(19|20)\d\d")
_UNSPACED = re.compile("[\u0e00-\u0e7f\u3040-\u30ff\u3400-\u9fff]+")  # Thai, Japanese, Chinese: words stand side by side
_MOST_WORDS = 60  # of a text; a summary says in its beginning what it tells


def terms_of(text: str, language: str) -> dict[str, str]:
    """Each term, and the word as it was written; in the order of the text."""
    found = {number: number for number in numbers_in(text)}
    known = language.lower().partition("-")[0]
    for word in _words(_NUMBER.sub(" ", _DOTTED.sub(_without_dots, text))):
        if len(term := _term(word, known)) > 1:
            found.setdefault(term, word)
        if len(found) >= _MOST_WORDS:
            break
    return found


def numbers_in(text: str) -> dict[str, None]:
    """As written, with a point for a comma between decimals; 1,000 and 1000 are the same. In order."""
    return dict.fromkeys(_plain(number) for number in _NUMBER.findall(text))


def is_year(number: str) -> bool:
    return bool(_YEAR.fullmatch(number))


def _plain(number: str) -> str:
    parts = re.split("[.,]", number)
    if len(parts) > 1 and all(len(part) == 3 for part in parts[1:]):
        return "".join(parts)
    return ".".join(parts)


def _without_dots(match: re.Match[str]) -> str:
    return match.group().replace(".", "") + " "


def _words(text: str) -> Iterator[str]:
    for word in _SPLIT.analyze(text.encode("utf-8", "replace").decode()):
        if not (unspaced := _UNSPACED.search(word)):
            yield word
            continue
        run = unspaced.group()
        yield from (run[n : n + 2] for n in range(max(1, len(run) - 1)))


def _splitting() -> tantivy.TextAnalyzerBuilder:
    builder = tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.simple()).filter(tantivy.Filter.remove_long(60))
    return builder.filter(tantivy.Filter.lowercase())


_SPLIT = _splitting().build()


@lru_cache(maxsize=64)
def _stemming(language: str) -> tantivy.TextAnalyzer:
    """Where a feed does not say its language, English is supposed; of one that has no stemmer, words stay as they are."""
    builder, name = _splitting(), _STEMMERS.get(language or "en")
    if name and language not in _WITHOUT_STOP_WORDS:
        builder = builder.filter(tantivy.Filter.stopword(name))
    if name:
        builder = builder.filter(tantivy.Filter.stemmer(name))
    return builder.filter(tantivy.Filter.ascii_fold()).build()


@lru_cache(maxsize=100_000)
def _term(word: str, language: str) -> str:
    return "".join(_stemming(language).analyze(word))
