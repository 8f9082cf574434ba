"""One request: its status, its headers and its body, up to a size. Redirects are told, not followed."""

from __future__ import annotations

import http.client
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping
from email.message import Message
from typing import IO, Any, NamedTuple

TIMEOUT_S = 20.0
LARGEST = 16 * 1024 * 1024
"""Bytes of the largest body that is taken."""
PORTION = 64 * 1024
TRANSIENT = frozenset({408, 425, 429, 500, 502, 503, 504})


class FetchError(Exception):
    """A page could not be had. transient: another try may go better; status, wait_s: what the answer said."""

    def __init__(self, message: str, status: int | None = None, transient: bool = False, wait_s: float = 0.0) -> None:
        super().__init__(message)
        self.status, self.transient, self.wait_s = status, transient, wait_s


class Answer(NamedTuple):
    """What came back. media: the type without parameters, in lower case."""

    status: int
    headers: Message
    media: str
    body: bytes

    @property
    def text(self) -> str:
        """The body as text, by the charset that it names."""
        try:
            return self.body.decode(self.headers.get_content_charset() or "utf-8", "replace")
        except LookupError:
            return self.body.decode("utf-8", "replace")


class Fetcher:
    """Asks under one name."""

    def __init__(self, user_agent: str) -> None:
        self.user_agent = user_agent
        self._opener = urllib.request.build_opener(_NoRedirects)

    def get(
        self, address: str, headers: Mapping[str, str] | None = None, wanted: Callable[[str], bool] = lambda _: True
    ) -> Answer:
        """The answer to GET; its body only where the media type is wanted. Raises FetchError."""
        request = urllib.request.Request(address, headers={"User-Agent": self.user_agent, **(headers or {})})  # noqa: S310 - links.normal lets only http and https pass
        try:
            with self._opener.open(request, timeout=TIMEOUT_S) as answer:
                media = answer.headers.get_content_type()
                body = _body(answer) if wanted(media) else b""
                return Answer(answer.status, answer.headers, media, body)
        except urllib.error.HTTPError as answer:
            with answer:
                if answer.code in (301, 302, 303, 304, 307, 308):
                    return Answer(answer.code, answer.headers, "", b"")
                waits = answer.headers.get("Retry-After", "")
                raise FetchError(
                    f"{answer.code} {answer.reason}", answer.code, answer.code in TRANSIENT,
                    float(waits) if waits.isdecimal() and len(waits) < 5 else 0.0,
                ) from None  # fmt: skip
        except (OSError, http.client.HTTPException, ValueError) as problem:
            why = getattr(problem, "reason", problem)
            raise FetchError(f"no answer: {why}", transient=True) from None


def _body(answer: IO[bytes]) -> bytes:
    body = bytearray()
    while portion := answer.read(PORTION):
        body += portion
        if len(body) > LARGEST:
            raise FetchError(f"larger than {LARGEST:,} bytes")
    return bytes(body)


class _NoRedirects(urllib.request.HTTPRedirectHandler):
    """Where a page leads elsewhere, robots.txt, delay and limits hold there too: the crawl goes, not the library."""

    def redirect_request(self, *given: Any, **named: Any) -> None:
        return None
