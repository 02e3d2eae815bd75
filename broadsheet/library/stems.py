"""Words as the index has them: stemmed and without stop words to rank by, and as they were written."""

from pathlib import Path

import tantivy

STOP_WORDS = (Path(__file__).parent / "stop_words.txt").read_text().split()


def _folding() -> tantivy.TextAnalyzerBuilder:
    builder = tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.simple())
    return builder.filter(tantivy.Filter.lowercase()).filter(tantivy.Filter.ascii_fold())


def _analyzer(*, stemmed: bool) -> tantivy.TextAnalyzer:
    builder = _folding().filter(tantivy.Filter.remove_long(60))
    if not stemmed:
        return builder.build()
    return builder.filter(tantivy.Filter.custom_stopword(STOP_WORDS)).filter(tantivy.Filter.stemmer("english")).build()


# Of what is kept to be shown, and found by nobody: Tantivy stores no text without indexing it.
KEPT = tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.raw()).filter(tantivy.Filter.remove_long(1)).build()
FOLDED = _folding().build()  # of what is compared with words of the index, however long
STEMMED, AS_WRITTEN = _analyzer(stemmed=True), _analyzer(stemmed=False)
