"""A connection to the very machines that a name was found to lead to, of which no more is read than may be.

The name is resolved here, once, and nobody resolves it again: a name that leads elsewhere a moment later changes nothing.
"""

import asyncio
import socket
import ssl
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from threading import Thread
from typing import Any

import httpcore2

from broadsheet.wire.fetched import CouldNotFetch, Kind
from broadsheet.wire.reach import Place

PIECE = 16_384  # bytes read at once: what comes in tiny chunks holds up the others no longer than these take

Resolve = Callable[[str, int], Iterable[str]]  # may take its time, and raise OSError


def by_the_system(host: str, port: int) -> Iterable[str]:
    return [str(found[4][0]) for found in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]


async def machines_of(place: Place, *, resolve: Resolve, within: float) -> tuple[str, ...]:
    """Asked in a thread of its own, which is left behind where it hangs: nobody waits for it, not even the end of the process."""
    loop = asyncio.get_running_loop()
    answer: asyncio.Future[tuple[str, ...]] = loop.create_future()

    def tell(found: tuple[str, ...]) -> None:
        if not answer.done():
            answer.set_result(found)

    def ask() -> None:
        try:
            found = tuple(dict.fromkeys(resolve(place.host, place.port)))
        except (OSError, UnicodeError):
            found = ()
        with suppress(RuntimeError):  # the loop has ended meanwhile
            loop.call_soon_threadsafe(tell, found)

    Thread(target=ask, name=f"resolving {place.host}", daemon=True).start()
    try:
        machines = await asyncio.wait_for(answer, within)
    except TimeoutError as trouble:
        raise CouldNotFetch(f"Nobody said in time where {place.host} is.", Kind.SLOW) from trouble
    if not machines:
        raise CouldNotFetch(f"There is no server by the name of {place.host}.", Kind.UNKNOWN)
    return machines


class Budget:
    """How many bytes may still come in, and what is said where there are more."""

    def __init__(self, most: int, sentence: str) -> None:
        self.allow(most, sentence)

    def allow(self, most: int, sentence: str) -> None:
        self._left, self._sentence = most, sentence

    def spend(self, size: int) -> None:
        self._left -= size
        if self._left < 0:
            raise CouldNotFetch(self._sentence, Kind.LARGE)


class Pinned(httpcore2.AsyncNetworkBackend):
    """Connects to these machines, whatever host it is told. `within`: seconds for each."""

    def __init__(self, machines: Sequence[str], *, budget: Budget, within: float) -> None:
        self._machines, self._budget, self._within = machines, budget, within
        self._network = httpcore2.AnyIOBackend()
        self._stream: httpcore2.AsyncNetworkStream | None = None

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore2.SOCKET_OPTION] | None = None,
    ) -> httpcore2.AsyncNetworkStream:
        last = len(self._machines) - 1
        for number, machine in enumerate(self._machines):
            try:
                self._stream = await self._network.connect_tcp(machine, port, timeout=self._within)
                return _Counted(self._stream, self._budget)
            except (httpcore2.ConnectError, httpcore2.ConnectTimeout):
                if number == last:
                    raise
        raise httpcore2.ConnectError(f"{host} leads nowhere")

    async def aclose(self) -> None:
        """However far it came: while both ends still greet each other nobody else knows of the connection."""
        if self._stream is not None:
            await self._stream.aclose()


class _Counted(httpcore2.AsyncNetworkStream):
    """Whatever is read is counted, headers and the lengths of chunks too."""

    def __init__(self, stream: httpcore2.AsyncNetworkStream, budget: Budget) -> None:
        self._stream, self._budget = stream, budget

    async def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        piece = await self._stream.read(min(max_bytes, PIECE), timeout)
        self._budget.spend(len(piece))
        return piece

    async def write(self, buffer: bytes, timeout: float | None = None) -> None:
        await self._stream.write(buffer, timeout)

    async def aclose(self) -> None:
        await self._stream.aclose()

    async def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore2.AsyncNetworkStream:
        return _Counted(await self._stream.start_tls(ssl_context, server_hostname, timeout), self._budget)

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)


@contextmanager
def in_our_words(place: Place) -> Iterator[None]:
    """What may befall a connection, as sentences for the desk."""
    try:
        yield
    except httpcore2.ConnectTimeout as trouble:
        raise CouldNotFetch(f"The server of {place.host} did not answer in time.", Kind.SLOW) from trouble
    except httpcore2.ConnectError as trouble:
        raise _not_connected(place, trouble) from trouble
    except httpcore2.NetworkError as trouble:
        raise CouldNotFetch(f"The server of {place.host} hung up before it was done.", Kind.BROKEN) from trouble
    except httpcore2.ProtocolError as trouble:
        raise CouldNotFetch(f"The server of {place.host} answered in no way that can be read.", Kind.BROKEN) from trouble


def _not_connected(place: Place, trouble: httpcore2.ConnectError) -> CouldNotFetch:
    cause: BaseException | None = trouble
    while cause is not None:
        if isinstance(cause, ssl.SSLError):
            return CouldNotFetch(f"The server of {place.host} could not prove that it is that.", Kind.UNPROVEN)
        cause = cause.__cause__ or cause.__context__
    return CouldNotFetch(f"The server of {place.host} took no connection.", Kind.UNREACHED)
