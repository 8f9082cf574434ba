"""How a browser signs in where the server has a token: with the token once, and with a cookie from then on."""

from __future__ import annotations

import hmac
from typing import Annotated

import msgspec

from headway.server import permission
from headway.server.asked import Nothing
from headway.server.operation import Answer, Call, Operations
from headway.server.problems import Refusal
from headway.server.signin import SignIn

LOGIN = Operations("Sign-in")


class Given(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The server's token."""

    token: Annotated[str, msgspec.Meta(max_length=4096)]


class SignedIn(msgspec.Struct, frozen=True, kw_only=True):
    """Whether the server asks for a token, and whether this caller has shown it: by header or by cookie."""

    needed: bool
    signed_in: bool


@LOGIN.add("GET", "/login", answers={200: SignedIn}, shows={"needed": True, "signed_in": False})
async def login_state(call: Call[Nothing, None]) -> Answer:
    """Whether the caller must sign in, and has. Anybody may ask."""
    try:
        await permission.admit_caller(call.site, call.request.scope, call.request.receive)
    except Refusal as refused:
        if refused.code == "too_many":
            raise
        return Answer(SignedIn(needed=call.site.token is not None, signed_in=False))
    return Answer(SignedIn(needed=call.site.token is not None, signed_in=True))


@LOGIN.add("POST", "/login", takes=Given, answers={204: None}, example={"token": "the token"})
async def login(call: Call[Nothing, Given]) -> Answer:
    """Signs a browser in for 8 hours, by a cookie that no script can read; the token is needed no more.

    A wrong token is answered after a second, and of one address only a few at a time; the right one at once. Nothing
    happens where the server has no token.
    """
    token = call.site.token
    if token is None:
        return Answer()
    if not hmac.compare_digest(call.body.token.strip().encode(), token.encode()):
        await call.site.guesses.delay(call.request.scope, call.request.receive)
        raise Refusal("unauthorized", "That is not this server's token. It stands in the file of --token-file.")
    return Answer(headers={"Set-Cookie": SignIn(token).header(*_place(call), call.site.clock.wall())})


@LOGIN.add("DELETE", "/login", answers={204: None})
def logout(call: Call[Nothing, None]) -> Answer:
    """Signs the browser out."""
    token = call.site.token
    return Answer(headers={} if token is None else {"Set-Cookie": SignIn(token).ended(*_place(call))})


def _place(call: Call[Nothing, Given] | Call[Nothing, None]) -> tuple[str, bool]:
    """Path of the cookie, and whether it goes over https alone: behind a proxy only the page's origin tells."""
    scope, origin = call.request.scope, call.request.headers.get("origin", "")
    return scope.get("root_path") or "/", scope.get("scheme") == "https" or origin.startswith("https://")
