"""One address a page: what a path written otherwise leads to. Rights hang on the canonical path alone."""

from urllib.parse import quote


def readable(path: str) -> str | None:
    """The path of a request as text (WSGI hands its bytes as Latin-1); None where it is not UTF-8 or not printable."""
    try:
        text = path if path.isascii() else path.encode("latin-1").decode()
    except UnicodeError:
        return None
    return text if text.isprintable() and "\\" not in text else None


def canonical(path: str) -> str:
    """Without doubled slashes and dots, in lower case, with a slash at the end unless a file is named."""
    segments: list[str] = []
    for segment in path.split("/"):
        if segment == "..":
            segments = segments[:-1]
        elif segment not in ("", "."):
            segments.append(segment.lower())
    if not segments:
        return "/"
    return f"/{'/'.join(segments)}{'' if '.' in segments[-1] else '/'}"


def is_crooked(path: str) -> bool:
    """Doubled slashes or dots for segments: nobody behind the gate is shown such a path."""
    return "//" in path or any(segment in (".", "..") for segment in path.split("/"))


def as_location(path: str) -> str:
    """A path for a Location header; of this site alone, whatever is written in it."""
    return quote(f"/{path.lstrip('/')}", safe="/-._~!$&'()*+,;=:@%?#")
