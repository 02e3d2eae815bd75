"""The mailbox in which mail comes back, named by one address: imaps://user:password@host/INBOX, maildir:///path or mbox:///path.

What is understood is taken out; a letter that somebody wrote stays, as one that was read. Refuses to name itself to a server that
does not encrypt, but on this machine.
"""

import imaplib
import mailbox
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import SplitResult, unquote, urlsplit

Take = Callable[[bytes], bool]

PATIENCE = 30  # seconds for a server's answer
MOST = 1000  # mails a look; the rest waits for the next
MOST_BYTES = 256 * 1024
HERE = frozenset({"localhost", "127.0.0.1", "::1"})
IMAPS, IMAP = 993, 143
SCHEMES = ("imaps", "imap", "maildir", "mbox")


def look_into(address: str, take: Take) -> int:
    """How many were taken out. `take` says of a mail whether it is to be."""
    where = urlsplit(address)
    match where.scheme:
        case "imaps" | "imap":
            return _over_imap(where, take)
        case "maildir" | "mbox":
            return _in_files(where, take)
    raise NoLetterbox(f"{where.scheme or 'Nothing'} is no kind of mailbox that can be read here.")


def address_of(named: str) -> str:
    """Of a folder or a file, as somebody types it."""
    path = Path(named)
    return named if "://" in named else f"{'maildir' if path.is_dir() else 'mbox'}://{path.resolve()}"


def is_letterbox(address: str) -> bool:
    try:
        where = urlsplit(address)
        found = where.scheme in SCHEMES and (
            bool(where.hostname) if where.scheme.startswith("imap") else where.path.startswith("/")
        )
        return found and (where.port is None or where.port > 0)
    except ValueError:
        return False


def _over_imap(where: SplitResult, take: Take) -> int:
    taken = 0
    with _connected(where) as box:
        try:
            box.login(unquote(where.username or ""), unquote(where.password or ""))
            _answer(box.select(f'"{unquote(where.path).strip("/") or "INBOX"}"'))
            for number in _answer(box.uid("SEARCH", "UNSEEN"))[0].split()[:MOST]:
                parts = _answer(box.uid("FETCH", number, f"(BODY.PEEK[]<0.{MOST_BYTES}>)"))
                raw = next((part[1] for part in parts if isinstance(part, tuple)), None)
                out = raw is not None and take(raw)
                _answer(box.uid("STORE", number, "+FLAGS", r"(\Seen \Deleted)" if out else r"(\Seen)"))
                taken += out
            box.expunge()
        except imaplib.IMAP4.error as trouble:
            raise NoLetterbox(f"{where.hostname} does not let us read the mailbox: {trouble}.") from None
    return taken


def _connected(where: SplitResult) -> imaplib.IMAP4:
    host = where.hostname or ""
    try:
        if where.scheme == "imaps":
            return imaplib.IMAP4_SSL(host, where.port or IMAPS, timeout=PATIENCE)
        box = imaplib.IMAP4(host, where.port or IMAP, timeout=PATIENCE)
        if "STARTTLS" in box.capabilities:
            box.starttls()
        elif host not in HERE:
            box.shutdown()
            raise NoLetterbox(f"{host} offers no encryption: we do not name ourselves to it.")
        return box
    except (OSError, imaplib.IMAP4.error) as trouble:
        raise NoLetterbox(f"{host} cannot be reached: {trouble}.") from None


def _answer(answer: tuple[str, list]) -> list:
    state, said = answer
    if state != "OK":
        raise imaplib.IMAP4.error(said[0].decode("utf-8", "replace") if said and isinstance(said[0], bytes) else state)
    return said


def _in_files(where: SplitResult, take: Take) -> int:
    path = Path(unquote(where.path))
    try:
        box = mailbox.Maildir(path, create=False) if where.scheme == "maildir" else mailbox.mbox(path, create=False)
        box.lock()
    except (mailbox.Error, OSError) as trouble:
        raise NoLetterbox(f"{path} is no {where.scheme} that can be read: {trouble}.") from None
    try:
        return _empty(box, take)
    finally:
        box.flush()
        box.unlock()
        box.close()


def _empty(box: mailbox.Maildir | mailbox.mbox, take: Take) -> int:
    taken, read = 0, "S" if isinstance(box, mailbox.Maildir) else "R"
    for key in box.keys()[:MOST]:
        message: Any = box[key]
        if read in message.get_flags():
            continue
        if take(box.get_bytes(key)):
            box.remove(key)
            taken += 1
        else:
            message.add_flag(read)
            box[key] = message
    return taken


class NoLetterbox(Exception):
    """The mailbox cannot be read; the message says why, and never with what password."""
