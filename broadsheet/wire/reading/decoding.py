"""Bytes of a feed into text, and what kind of thing the text is."""

import codecs
import re

# Only what encodes text: Python also has codecs that unpack archives.
_TEXT = re.compile(
    r"(us-?ascii|utf-?(8|16|32)(-?[bl]e)?|iso-?8859-?\d{1,2}|latin-?\d|(windows|cp)-?\d{3,4}|mac-?\w{4,9}|koi8-?[rtu]"
    r"|gb2312|gbk|gb18030|big5(-?hkscs)?|shift[-_]jis|euc[-_](jp|kr)|iso-2022-(jp|kr)|tis-?620|viscii)",
    re.IGNORECASE,
)
_DECLARED = re.compile(rb"\s*<\?xml[^>]{0,200}?encoding\s*=\s*[\"']([\w.:-]{1,30})[\"']")
_CHARSET = re.compile(r"charset\s*=\s*[\"']?([\w.:-]{1,30})", re.IGNORECASE)
# As browsers have it: what is said is a part of what is meant.
_MEANT = {"gb2312": "gb18030", "gbk": "gb18030"} | dict.fromkeys(("iso-8859-1", "latin-1", "latin1"), "windows-1252")
_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_WIDE = ((b"<\0?\0", "utf-16-le"), (b"\0<\0?", "utf-16-be"), (b"<\0\0\0", "utf-32-le"), (b"\0\0\0<", "utf-32-be"))
_ROOT = re.compile(r"<(?P<comment>!--)|<(?P<instruction>\?)|<(?P<name>[A-Za-z_][\w.:-]{0,40})")
_HEAD = 20_000  # characters in which a document's first element stands


def decoded(body: bytes, content_type: str) -> str:
    """By its mark; as UTF-8 if it is that, whatever is said of it; by the server, by its own declaration. Never fails."""
    for mark, encoding in _BOMS:
        if body.startswith(mark):
            return body[len(mark) :].decode(encoding, "replace")
    said = _said_by(body, content_type)
    looking_like_ascii = [encoding for encoding in said if encoding.lower().startswith(("utf-16", "utf-32", "iso-2022"))]
    for encoding in (*looking_like_ascii, "utf-8", *said, "windows-1252"):
        try:
            return body.decode(encoding)
        except (UnicodeDecodeError, LookupError):
            continue
    return body.decode("windows-1252", "replace")


def root_of(text: str) -> str:
    """The name of the first element, without its prefix, in lower case; "" where there is none."""
    head, start = text[:_HEAD], 0
    while match := _ROOT.search(head, start):
        if match["name"]:
            return match["name"].rpartition(":")[2].lower()
        start = head.find("-->" if match["comment"] else "?>", match.end())
        if start < 0:
            break
    return ""


def _said_by(body: bytes, content_type: str) -> list[str]:
    wide = [encoding for beginning, encoding in _WIDE if body.startswith(beginning)]
    server, itself = _CHARSET.search(content_type[:200]), _DECLARED.match(body[:400])
    said = [server[1] if server else "", itself[1].decode("ascii", "replace") if itself else ""]
    return wide + [_MEANT.get(name.lower(), name) for name in said if _TEXT.fullmatch(name)]
