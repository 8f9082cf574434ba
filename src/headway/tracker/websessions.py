"""Sessions of browsers: one each, kept from the moment when something is stored in it."""

from __future__ import annotations

import logging
import secrets
from contextlib import suppress
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, cast

from headway.errors import Conflict
from headway.model.job import Session, moment
from headway.store import workspaces

if TYPE_CHECKING:
    from headway.tracker.headway import Headway

LOG = logging.getLogger("headway.server")

PREFIX = "web-"
IDLE_S = 30 * 60.0
"""A browser's session is closed when nobody has used it for so long, and no job of it was open."""
CONCURRENCY = 10


def new_id() -> str:
    """The id of a browser's session, which nobody can guess."""
    return PREFIX + secrets.token_hex(32)


def is_web(identity: str) -> bool:
    """Whether a session is one that a browser gets by itself."""
    return identity.startswith(PREFIX)


class WebSessions:
    """What a server asks of the database for its browsers."""

    def __init__(self, hw: Headway) -> None:
        self._hw = hw

    def key(self) -> str:
        """What cookies are signed with; the same in all servers of one database."""
        return workspaces.cookie_key(self._hw._database)

    def keep(self, identity: str) -> None:
        """Makes the session of a browser, unless it is there."""
        if workspaces.find(self._hw._database, identity) is not None:
            return
        with suppress(Conflict):  # another request of the same browser was first
            self._hw.create_session(identity, concurrency=CONCURRENCY, idle_s=IDLE_S)
            LOG.info("session %s was made for a browser", short(identity))

    def use(self, identity: str) -> bool:
        """Notes that somebody uses a session. False where it is gone for good; a browser's own begins anew."""
        database = self._hw._database
        if workspaces.find(database, identity) is None:
            return is_web(identity)
        database.write(partial(workspaces.use, identity=identity, now=database.now()), ring=False)
        return True

    def blank(self, identity: str) -> Session:
        """The session of a browser in which nothing is stored yet."""
        now = cast(datetime, moment(self._hw.now()))
        return Session(id=identity, concurrency=CONCURRENCY, created_at=now, used_at=now, idle_s=IDLE_S)


def short(identity: str) -> str:
    """An id as logs tell it: enough to find it, too little to use it."""
    return f"{identity[:12]}..." if is_web(identity) else identity
