"""Calls of a server's API: its address, the headers, and patience where an answer was lost."""

from __future__ import annotations

import os
import random
import secrets
import threading
import urllib.parse
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import count
from typing import TYPE_CHECKING, Any, NamedTuple

from headway.clock import Clock
from headway.errors import HeadwayError, InvalidInput, NotFound, NotSupported, StoreFull, StoreUnavailable
from headway.store.address import without_password
from headway.tracker.refusals import error_of

if TYPE_CHECKING:
    import httpx2

TOKEN = "HEADWAY_TOKEN"  # noqa: S105 - the name of a variable
PREFIX = "/api/v1"
TRIES = 5
"""How often a call is sent before it is given up."""
FIRST_REST_S, LONGEST_REST_S = 0.2, 4.0
"""Rests between tries: they double from the first, and each is a random part of that, so that callers spread."""
CONNECT_S, ANSWER_S = 5.0, 30.0
SILENCE_S = 45.0
"""A stream says something every 15 s; one that is silent for so long is lost."""


class Reply(NamedTuple):
    """An answer. content: None where it is what the caller has already, or where an earlier try has done it."""

    content: bytes | None
    tag: str | None = None


class Wire:
    """The API of one server. Thread-safe; connects at first use and again after a fork.

    Every call may be sent again: reads change nothing, and the others carry one Idempotency-Key for all their tries.
    """

    def __init__(self, url: str, token: str | None, clock: Clock) -> None:
        self.url = _checked(url)
        self._token = _token(token)
        self._clock = clock
        self._lock = threading.Lock()
        self._made: httpx2.Client | None = None
        self._pid = 0

    def get(self, path: str, query: Mapping[str, Any] | None = None, *, known: str | None = None,
            wait_s: float = 0.0) -> Reply:  # fmt: skip
        """Reads. known: the tag of what the caller has; wait_s: the server may hold the answer back so long."""
        headers = {} if known is None else {"If-None-Match": known}
        asked = {**(query or {}), "wait": wait_s} if wait_s else query
        return self._call("GET", path, asked, None, headers, ANSWER_S + wait_s)

    def send(self, path: str, body: bytes, key: str | None = None, method: str = "POST") -> bytes:
        """Asks for a change. key: by which the server knows that it came before; else one is made."""
        headers = {"Idempotency-Key": secrets.token_hex(16) if key is None else key, "Content-Type": "application/json"}
        return self._call(method, path, None, body, headers, ANSWER_S).content or b""

    def remove(self, path: str) -> bytes | None:
        """Deletes; None where an earlier try, whose answer was lost, has done it."""
        return self._call("DELETE", path, None, None, {}, ANSWER_S).content

    @contextmanager
    def stream(self, path: str, query: Mapping[str, Any], last_id: str | None) -> Iterator[httpx2.EventSource]:
        """Server-sent events. Raises StoreUnavailable where the connection is lost, at once or within the block."""
        client = self._client
        import httpx2

        headers = {"Accept": "text/event-stream"} | ({} if last_id is None else {"Last-Event-ID": last_id})
        times = httpx2.Timeout(ANSWER_S, connect=CONNECT_S, read=SILENCE_S)
        try:
            with client.stream(
                "GET", self._address(path), params=tuple(_parameters(query)), headers=_encoded(headers), timeout=times
            ) as response:
                if response.status_code != 200:
                    raise error_of(response.status_code, response.read(), self.url)
                yield httpx2.EventSource(response)
        except (httpx2.TransportError, httpx2.SSEError) as lost:
            raise self._lost(lost) from lost

    def rest(self, tries: int, at_least_s: float = 0.0) -> None:
        """Waits before the next try; longer after each."""
        most = min(LONGEST_REST_S, FIRST_REST_S * 2.0**tries)
        self._clock.sleep(threading.Event(), at_least_s + random.uniform(0, most))  # noqa: S311 - spreads callers

    def close(self) -> None:
        """Gives back connections; the next call opens them again."""
        with self._lock:
            made, self._made = self._made, None
            if made is not None and self._pid == os.getpid():
                made.close()

    def _call(
        self, method: str, path: str, query: Mapping[str, Any] | None, body: bytes | None, headers: dict[str, str],
        answer_s: float,
    ) -> Reply:  # fmt: skip
        client = self._client
        import httpx2

        times = httpx2.Timeout(answer_s, connect=CONNECT_S)
        for tries in count():
            at_least_s, cause = 0.0, None
            try:
                response = client.request(
                    method, self._address(path), params=tuple(_parameters(query or {})), content=body,
                    headers=_encoded(headers), timeout=times,
                )  # fmt: skip
            except (httpx2.InvalidURL, UnicodeEncodeError) as problem:
                raise InvalidInput(f"A server can not be asked that: {problem!a:.200}. Give other text.") from None
            except httpx2.TransportError as lost:
                error, cause = self._lost(lost), lost
            else:
                if response.status_code == 304:
                    return Reply(None, response.headers.get("etag"))
                if response.is_success:
                    return Reply(response.content, response.headers.get("etag"))
                error = error_of(response.status_code, response.content, self.url)
                at_least_s = _retry_after(response.headers.get("retry-after", ""))
            if method == "DELETE" and tries and isinstance(error, NotFound):
                return Reply(None)
            if tries + 1 >= TRIES or not isinstance(error, StoreUnavailable) or isinstance(error, StoreFull):
                raise error from cause
            self.rest(tries, at_least_s)
        raise AssertionError  # the loop ends by itself

    def _lost(self, problem: Exception) -> HeadwayError:
        said = str(problem) or type(problem).__name__
        return StoreUnavailable(f"{self.url} does not answer: {said}. Is `headway serve` running there?")

    def _address(self, path: str) -> str:
        return f"{self.url}{PREFIX}{path}"

    @property
    def _client(self) -> httpx2.Client:
        if self._made is None or self._pid != os.getpid():
            with self._lock:
                if self._made is None or self._pid != os.getpid():
                    _INHERITED.append(self._made)
                    self._made, self._pid = _client(self._token), os.getpid()
        return self._made


_INHERITED: list[object] = []
"""Connections that a child process got by fork: they are the parent's, and forgetting them would close them."""


def is_server(url: str) -> bool:
    """Whether an address is that of a server, and not of a database."""
    return url.partition("://")[0].lower() in ("http", "https") and "://" in url


def part(text: str) -> str:
    """A text as one part of a path."""
    return urllib.parse.quote(text, safe="")


def _client(token: str | None) -> httpx2.Client:
    try:
        import httpx2
    except ImportError as missing:
        raise NotSupported(f"{missing}. A server is reached with its client: pip install 'headway[client]'") from None
    headers = {"User-Agent": "headway", "Accept": "application/json"}
    if token is not None:
        headers["Authorization"] = f"Bearer {token}"
    return httpx2.Client(headers=headers, follow_redirects=False, limits=httpx2.Limits(max_connections=None))


def _checked(url: str) -> str:
    """The address of a server, without what comes after it. Raises InvalidInput."""
    shown = without_password(url)[:300]
    try:
        parts = urllib.parse.urlsplit(url)
        usable = bool(parts.hostname) and parts.port != 0 and url.isprintable()
    except ValueError:
        parts, usable = urllib.parse.urlsplit(""), False
    if not usable:
        raise InvalidInput(f"{shown!a} is no address of a server: expected https://host:port, as `headway serve` says.")
    if "@" in parts.netloc:
        raise InvalidInput(
            f"The address of {str(parts.hostname)[:100]!a} holds a name or a password, which would be seen with it. "
            f"Give the token as Headway(url, token=...) or in ${TOKEN}."
        )
    if parts.query or parts.fragment:
        raise InvalidInput(
            f"{without_password(url.partition('?')[0])!a}?...: the address of a server ends with its path."
        )
    return url.rstrip("/").removesuffix(PREFIX)


def _token(given: str | None) -> str | None:
    """What the server asks for, else $HEADWAY_TOKEN. Raises InvalidInput, without telling it."""
    token: Any = os.environ.get(TOKEN) if given is None else given
    if token is not None and not (isinstance(token, str) and token.isascii() and token.strip().isprintable()):
        raise InvalidInput(f"That is no token: expected printable ASCII characters, in token= or ${TOKEN}.")
    return token.strip() or None if token else None


def _parameters(query: Mapping[str, Any]) -> Sequence[tuple[str, str]]:
    """A query: lists are several of one name, None is left out."""
    found: list[tuple[str, str]] = []
    for name, value in query.items():
        several = value if isinstance(value, list) else [value]
        found += [(name, _plain(one)) for one in several if one is not None]
    return found


def _plain(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _encoded(headers: Mapping[str, str]) -> list[tuple[bytes, bytes]]:
    return [(name.encode(), value.encode()) for name, value in headers.items()]


def _retry_after(text: str) -> float:
    return min(float(text), LONGEST_REST_S) if text.isdecimal() else 0.0
