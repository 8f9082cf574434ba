"""The sign-in of a browser: a cookie that only who knew the server's token can have, and that is not the token."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import secrets
from collections import Counter
from collections.abc import Mapping
from typing import Any

from starlette.requests import cookie_parser
from starlette.types import Receive

from headway.server.problems import Refusal

LASTS_S = 8 * 3600
"""After so long a browser is asked for the token again, also in the middle of a stream."""
WRONG_S = 1.0
"""How long the answer to a wrong token takes."""
MOST_WAITING = 10
"""Wrong tokens of one address that wait for their answers: more than a browser asks at once."""
RETRY = {"Retry-After": "5"}
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
    """Wrong tokens are answered late, and of each address a few at a time. Who has the right one waits for nobody."""

    def __init__(self) -> None:
        self._waiting: Counter[str] = Counter()

    async def delay(self, scope: Mapping[str, Any], receive: Receive) -> None:
        """Returns when a wrong token may be answered, or when whoever sent it has left.

        Raises Refusal where too many of its address wait already.
        """
        address = str((scope.get("client") or ("",))[0])
        if self._waiting[address] >= MOST_WAITING:
            raise Refusal("too_many", "Too many wrong tokens at the same time. Try again in a moment.", RETRY)
        self._waiting[address] += 1
        try:
            await asyncio.wait_for(_gone(receive), WRONG_S)
        except TimeoutError:
            return
        finally:
            self._waiting[address] -= 1
            self._waiting += Counter()  # without the addresses of which nobody waits


async def _gone(receive: Receive) -> None:
    """Returns when the caller has left. What is left of its body is thrown away."""
    while (await receive())["type"] not in ("http.disconnect", "websocket.disconnect"):
        pass
