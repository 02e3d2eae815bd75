"""An article's streams into what stands before the wall and what stands beyond it. Pure."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from broadsheet.newsroom import policy
from broadsheet.newsroom.galley import Chapter, File, Footnote
from broadsheet.newsroom.print_blocks import ENDS, Bearings, Piece, files_of, joined, notes_in, pieces, with_notes
from broadsheet.newsroom.words import RawStream


@dataclass(frozen=True, slots=True)
class Cutting:
    """A text in its two parts; `free` holds all of it where there is no wall."""

    free: str
    rest: str
    free_words: int
    rest_words: int
    chapters: tuple[Chapter, ...] = ()
    footnotes: tuple[Footnote, ...] = ()
    files: tuple[File, ...] = ()
    wall_at_the_end: bool = False


def cut(streams: Sequence[RawStream], bearings: Bearings, *, gated: bool, least: int) -> Cutting:
    """The wall stands where the editor put it, else by the rule. An open text keeps none."""
    text = [piece for stream in streams for piece in pieces(stream, bearings)]
    wall, parts = _without_walls(text)
    notes = {mark: html for stream in streams for mark, html in notes_in(stream, bearings).items()}
    parts, noted = with_notes(parts, notes)
    at = _place(parts, wall=wall, least=least) if gated else len(parts)
    free, rest = _with_pulls_beyond(parts[:at], parts[at:]) if gated else (parts, [])
    return Cutting(
        free=joined(free),
        rest=joined(rest),
        free_words=sum(piece.words for piece in free),
        rest_words=sum(piece.words for piece in rest),
        chapters=tuple(_contents(parts, at)),
        footnotes=tuple(replace(note, free=not gated or place < at) for note, place in noted),
        files=files_of(free, rest),
        wall_at_the_end=wall is not None and not _has_text(parts[wall:]),
    )


def _without_walls(parts: Sequence[Piece]) -> tuple[int | None, list[Piece]]:
    """The place of the first wall, counted without walls; None where the editor put none."""
    places = [place for place, piece in enumerate(parts) if piece.kind == "wall"]
    return (places[0] if places else None), [piece for piece in parts if piece.kind != "wall"]


def _place(parts: Sequence[Piece], *, wall: int | None, least: int) -> int:
    """How many pieces stand before the wall. What leads up to a paragraph (heading, picture, chart) goes with it."""
    if wall is not None and _has_text(parts[wall:]):
        return wall
    ends = [place + 1 for place, piece in enumerate(parts) if piece.kind in ENDS]
    starts = [0, *ends[:-1]]
    lengths = [sum(piece.words for piece in parts[start:end]) for start, end in zip(starts, ends, strict=True)] if ends else []
    paragraphs = policy.where_to_cut(lengths, least=least)
    return ends[paragraphs - 1] if paragraphs else 0


def _has_text(parts: Sequence[Piece]) -> bool:
    return any(piece.kind in ENDS for piece in parts)


def _with_pulls_beyond(free: Sequence[Piece], rest: Sequence[Piece]) -> tuple[list[Piece], list[Piece]]:
    """A pull quote that repeats a sentence from beyond the wall moves there."""
    given_away = " ".join(joined([piece]) for piece in free if piece.kind in ENDS)
    moved = [piece for piece in free if piece.kind == "pull" and _escaped(piece) not in given_away]
    return [piece for piece in free if piece not in moved], [*moved, *rest]


def _escaped(piece: Piece) -> str:
    """The text of a pull quote as it stands in HTML."""
    return piece.html.partition("<p>")[2].partition("</p>")[0]


def _contents(parts: Sequence[Piece], at: int) -> Iterator[Chapter]:
    for place, piece in enumerate(parts):
        if piece.chapter:
            yield replace(piece.chapter, free=place < at)
