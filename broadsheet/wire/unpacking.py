"""A packed body unpacked as it comes in, never further than it may grow. What is too much is known before it is made."""

import zlib
from typing import Protocol

import brotli

CODINGS = "gzip, br, deflate"  # what we say that we can read
_GZIP, _ZLIB, _RAW = zlib.MAX_WBITS | 16, zlib.MAX_WBITS, -zlib.MAX_WBITS


class NotUnpacked(ValueError):
    """The body is packed in no way that we know, or is broken."""


class TooMuch(ValueError):
    """The body is longer than it may be."""


class Unpacking(Protocol):
    def more(self, piece: bytes, *, room: int) -> bytes:
        """At most `room` bytes; raises TooMuch where there are more, having made at most twice that."""

    def is_done(self) -> bool: ...


def unpacking_of(coding: str) -> Unpacking:
    match coding.strip().lower():
        case "" | "identity":
            return _Plain()
        case "gzip" | "x-gzip":
            return _Zlib(_GZIP)
        case "deflate":
            return _Zlib(None)
        case "br":
            return _Brotli()
    raise NotUnpacked("It is packed in a way that we did not ask for.")


class _Plain:
    def more(self, piece: bytes, *, room: int) -> bytes:
        if len(piece) > room:
            raise TooMuch
        return piece

    def is_done(self) -> bool:
        return True


class _Zlib:
    """`window` None: deflate, which some servers send with zlib's envelope and some without."""

    def __init__(self, window: int | None) -> None:
        self._window = window
        self._inflating = None if window is None else zlib.decompressobj(window)

    def more(self, piece: bytes, *, room: int) -> bytes:
        if not piece:
            return b""
        if self._inflating is None:
            self._inflating = zlib.decompressobj(_ZLIB if piece[0] & 0x0F == 8 else _RAW)
        if self._inflating.eof:  # what follows the end is no part of it
            return b""
        try:
            out = self._inflating.decompress(piece, room + 1)
        except zlib.error as trouble:
            raise NotUnpacked("It is packed in a way that cannot be unpacked.") from trouble
        if len(out) > room:
            raise TooMuch
        return out

    def is_done(self) -> bool:
        return self._inflating is None or self._inflating.eof


class _Brotli:
    def __init__(self) -> None:
        self._unpacking = brotli.Decompressor()
        self._is_begun = False

    def more(self, piece: bytes, *, room: int) -> bytes:
        self._is_begun = self._is_begun or bool(piece)
        if self._unpacking.is_finished():
            return b""
        try:
            out: bytes = self._unpacking.process(piece, output_buffer_limit=room + 1)
        except brotli.error as trouble:
            raise NotUnpacked("It is packed in a way that cannot be unpacked.") from trouble
        if len(out) > room:
            raise TooMuch
        return out

    def is_done(self) -> bool:
        return not self._is_begun or bool(self._unpacking.is_finished())
