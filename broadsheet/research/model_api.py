"""The language model that the operator names, where there is one: any endpoint that speaks as OpenAI's does.

It has so many seconds and so many bytes, follows no redirect, and its key stands in no message of ours.
"""

import asyncio
import json

import httpx
from django.conf import settings

SECONDS = 8.0  # for all of it
MOST_BYTES, MOST_TOKENS = 40_000, 400


class NoModelAnswer(Exception):
    """Away, too slow, too long, or not understood."""


def is_there() -> bool:
    return bool(settings.MODEL_URL)


def ask(messages: list[dict[str, str]], *, seconds: float = SECONDS) -> str:
    """What it says. Raises NoModelAnswer. The deadline lies around all of it, so that no drop after drop outlasts it."""
    wanted = {"model": settings.MODEL_NAME, "messages": messages, "max_tokens": MOST_TOKENS, "temperature": 0}
    loop = asyncio.new_event_loop()
    try:
        return _said(loop.run_until_complete(_fetched(wanted, seconds=seconds)))
    except TimeoutError:
        raise NoModelAnswer("Too slow.") from None
    except (httpx.HTTPError, httpx.InvalidURL, ValueError) as trouble:
        raise NoModelAnswer(type(trouble).__name__) from None  # its text may name what was sent
    finally:
        loop.close()  # unlike asyncio.run, it waits for no thread in which a name is still being looked up


async def _fetched(wanted: dict[str, object], *, seconds: float) -> bytes:
    headers = {"Authorization": f"Bearer {settings.MODEL_KEY}"} if settings.MODEL_KEY else {}
    address = f"{settings.MODEL_URL.rstrip('/')}/chat/completions"
    async with (
        asyncio.timeout(seconds),
        httpx.AsyncClient(timeout=seconds, follow_redirects=False, trust_env=False) as client,
        client.stream("POST", address, json=wanted, headers={**headers, "Accept-Encoding": "identity"}) as response,
    ):
        if response.status_code != 200:
            raise NoModelAnswer(f"It answered {response.status_code}.")
        body = b""
        async for piece in response.aiter_raw(4_096):
            body += piece
            if len(body) > MOST_BYTES:
                raise NoModelAnswer("Too long.")
        return body


def _said(body: bytes) -> str:
    try:
        said = json.loads(body)["choices"][0]["message"]["content"]
    except (ValueError, LookupError, TypeError, RecursionError):
        raise NoModelAnswer("It was not understood.") from None
    if not isinstance(said, str):
        raise NoModelAnswer("It was not understood.")
    return said
