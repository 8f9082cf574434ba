"""The cookie of a browser: the id of its session, signed, so that nobody can hand somebody else a session."""

from __future__ import annotations

import hashlib
import hmac
import urllib.parse

from starlette.requests import cookie_parser

LASTS_S = 365 * 24 * 3600


class Cookies:
    """Writes and reads cookies with the key of one database.

    Their name tells databases apart: cookies do not know ports, and several servers may share a host.
    """

    def __init__(self, key: str) -> None:
        self._key = key.encode()
        self.name = f"headway_session_{hashlib.sha256(self._key).hexdigest()[:8]}"

    def header(self, session: str, path: str, secure: bool) -> str:
        """The value of Set-Cookie that binds a browser to a session."""
        value = f"{urllib.parse.quote(session, safe='')}.{self._signed(session)}"
        ends = "; Secure" if secure else ""
        return f"{self.name}={value}; Path={path}; Max-Age={LASTS_S}; HttpOnly; SameSite=Lax{ends}"

    def session(self, header: str | None) -> str | None:
        """The session that a Cookie header holds; None where it holds none, or one that was not signed here."""
        if header is None or self.name not in header:
            return None
        quoted, _, signed = cookie_parser(header).get(self.name, "").rpartition(".")
        session = urllib.parse.unquote(quoted)
        return session if hmac.compare_digest(signed.encode(), self._signed(session).encode()) else None

    def _signed(self, session: str) -> str:
        return hmac.new(self._key, session.encode("utf-8", "surrogatepass"), hashlib.sha256).hexdigest()[:32]
