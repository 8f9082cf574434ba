"""The places of a job, connected once for each thread that works: a Place is for one thread at a time."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from typing import Generic, NamedTuple, Self, TypeVar

from examples.site_mover.errors import PlaceLost
from examples.site_mover.places import Place
from headway import Context

_LONGEST_WAIT_S = 30.0
T = TypeVar("T")
P = TypeVar("P", bound="tuple[Place, ...]")


class Ends(NamedTuple):
    """The two places of a move, connected."""

    source: Place
    destination: Place


class Pool(Generic[P]):
    """Connects the places anew for each thread that needs them, and again where a connection is lost.

    Used with `with`, which connects once, so that a wrong address or login ends the job at once, and closes all.
    reconnects: how often in a row a lost connection is opened again.
    """

    def __init__(self, ctx: Context, connect: Callable[[], P], reconnects: int = 5) -> None:
        self._ctx, self._connect, self._reconnects = ctx, connect, reconnects
        self._idle: list[P] = []
        self._all = ExitStack()
        self._lock = threading.Lock()

    def __enter__(self) -> Self:
        self._idle.append(self._connected())
        return self

    def __exit__(self, *error: object) -> None:
        self._all.close()

    def use(self, work: Callable[[P], T]) -> T:
        """What work returns for places that nobody else uses; called again with a new connection where one is lost.

        Raises PlaceLost when connecting has not helped, Halt, and what work raises.
        """
        lost: PlaceLost | None = None
        for attempt in range(self._reconnects + 1):
            try:
                if lost is not None:
                    self._ctx.warn(f"{lost}; connecting again")
                    self._ctx.sleep(min(_LONGEST_WAIT_S, 2.0**attempt))
                with self._borrowed() as places:
                    if lost is not None:
                        for place in places:
                            place.reconnect()
                    return work(places)
            except PlaceLost as error:
                lost = error
        raise lost or PlaceLost("no attempt was allowed: reconnects is 0 or more")

    @contextmanager
    def _borrowed(self) -> Iterator[P]:
        with self._lock:
            idle = self._idle.pop() if self._idle else None
        places = idle or self._connected()
        try:
            yield places
        finally:
            with self._lock:
                self._idle.append(places)

    def _connected(self) -> P:
        places = self._connect()
        with self._lock:
            for place in places:
                self._all.enter_context(closing(place))
        return places
