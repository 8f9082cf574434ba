"""The sign-in of a browser: a cookie that only who knew the server's token can have, and that is not the token."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from starlette.requests import cookie_parser

from headway.server.problems import Refusal

LASTS_S = 8 * 3600
"""After so long a browser is asked for the token again, also in the middle of a stream."""
WRONG_S = 1.0
"""How long the answer to a wrong token takes."""
MOST_WAITING = 10
_NAME = "headway_sign_in_"


class SignIn:
    """Writes and reads the cookies of one token. With another token none of them is good any more.

    Their name tells servers apart: cookies do not know ports, and several servers may share a host.
    """

    def __init__(self, token: str) -> None:
        self._key = token.encode()
        self.name = _NAME + self._signed("name")[:8]

    def header(self, path: str, secure: bool, now: float) -> str:
        """The value of Set-Cookie that signs a browser in. now: seconds since the epoch."""
        told = f"{int(now + LASTS_S)}.{secrets.token_urlsafe(16)}"
        return self._cookie(f"{told}.{self._signed(told)}", LASTS_S, path, secure)

    def ended(self, path: str, secure: bool) -> str:
        """The value of Set-Cookie that signs it out."""
        return self._cookie("", 0, path, secure)

    def holds(self, header: str, now: float) -> bool:
        """Whether a Cookie header has a sign-in that was given for this token, and is not over."""
        if self.name not in header:
            return False
        told, _, signed = cookie_parser(header).get(self.name, "").rpartition(".")
        if not hmac.compare_digest(signed.encode(), self._signed(told).encode()):
            return False
        return now < int(told.partition(".")[0])

    def _cookie(self, value: str, lasts_s: int, path: str, secure: bool) -> str:
        ends = "; Secure" if secure else ""
        return f"{self.name}={value}; Path={path}; Max-Age={lasts_s}; HttpOnly; SameSite=Strict{ends}"

    def _signed(self, told: str) -> str:
        return hmac.new(self._key, b"headway sign-in " + told.encode("utf-8", "replace"), hashlib.sha256).hexdigest()


class Guesses:
    """Tokens are tried one after another, and after a wrong one nothing is tried for a while: also for many at once."""

    def __init__(self) -> None:
        self._turn = asyncio.Lock()
        self._waiting = 0

    @asynccontextmanager
    async def turn(self) -> AsyncIterator[None]:
        """The block is alone. Raises Refusal where too many wait for that."""
        if self._waiting >= MOST_WAITING:
            raise Refusal(
                "too_many", "Too many try to sign in at the same time. Try again in a moment.", {"Retry-After": "5"}
            )
        self._waiting += 1
        try:
            async with self._turn:
                yield
        finally:
            self._waiting -= 1
