"""The verbs: everything a caller can do with jobs, on a local file or on PostgreSQL."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Self, TypeVar, cast

from headway.errors import InvalidInput
from headway.store import opening
from headway.tracker.asynchronous import AsyncVerbs
from headway.tracker.configuration import Configurations
from headway.tracker.connection import AnyId
from headway.tracker.families import Families
from headway.tracker.items import Items
from headway.tracker.rollback import Rollback
from headway.tracker.searching import Searching
from headway.tracker.sessions import Sessions
from headway.tracker.support import Support
from headway.tracker.waiting import Waiting
from headway.tracker.wire import is_server

if TYPE_CHECKING:
    from headway.runtime.block import Block
    from headway.runtime.loop import Loop
    from headway.runtime.worker import Worker as RunningWorker

T = TypeVar("T")


class Headway(Items, Sessions, Rollback, Families, Support, Configurations, Searching, Waiting):
    """Jobs in one database. Connects at first use and again after a fork; thread-safe; close() or `with` ends it.

    url: a path, ":memory:", "sqlite:///...", "postgresql://...", or the "https://..." of a server, which gives the
    same verbs remotely; else $HEADWAY_URL, else the user's own file. token: what a server asks for, else
    $HEADWAY_TOKEN. clock: for tests, headway.testing.Clock(). via: what the history calls this caller.
    """

    @classmethod
    def _kind(cls, url: str) -> type[Self]:
        if cls is not Headway or not is_server(url):
            return cls
        from headway.tracker.remote import Remote

        return cast(type[Self], Remote)

    def worker(
        self, slots: int = 4, queues: Sequence[str] = ("default",), types: Sequence[str] | None = None,
        *, tree: AnyId | None = None,
    ) -> RunningWorker:  # fmt: skip
        """A worker in this process: use it with `with`, or call .run(). types: only these; else all registered.

        tree: only that job and those of its tree; raises NotFound where there is none.
        """
        from headway.runtime.worker import Worker as RunningWorker

        for name, given in (("queues", queues), ("types", types)):
            if isinstance(given, str):
                raise InvalidInput(f"{name}={given!r:.60}: expected a list of texts: {name}=[{given!r:.60}].")
        root = None if tree is None else self.get(tree).root_id
        return RunningWorker(self._office, slots, queues, types, root=root)

    def work_until_idle(self) -> int:
        """Runs what is due, one job after the other, in the calling thread; returns how many attempts it ran.

        A job that gathers its children runs them meanwhile; where nobody here can, it is put off. Ctrl-C leaves the job
        at hand interrupted (pending, where its type recovers) and is raised.
        """
        from headway.runtime.idle import work_until_idle

        return work_until_idle(self._office)

    def tracked(
        self, name: str, *, type: str = "block", external_id: str | Mapping[str, str] | None = None,
        input: Mapping[str, Any] | None = None, show: bool = True, **options: Any,
    ) -> Block:  # fmt: skip
        """A block of this process as a job: `with hw.tracked("Nightly import") as ctx:`.

        A pause waits inside it, a cancel raises Halt out of it. With an external id the newest job of that id goes
        on if it is resumable. show: a bar on a terminal, plain lines elsewhere. Raises AlreadyRunning.
        """
        from headway.runtime.block import Block, Joined

        given = self._options(name=name, external_id=external_id, **options)
        new = self._new(type, input, given, outside=True)
        around = self._around()
        if around is not None:
            return Joined(self._office, new, *around)
        return Block(self._office, new, next(iter(new.external_ids.items()), None), show)

    def track(
        self, iterable: Iterable[T] | None = None, label: str | None = None, *, total: int | None = None,
        unit: str = "it", key: Callable[[T], Any] | None = None,
        external_id: str | Mapping[str, str] | None = None, show: bool = True,
    ) -> Loop[T]:  # fmt: skip
        """A loop of this process as a job: `for path in hw.track(paths, "Transfer"):`.

        Inside a job it is a loop of that job. Exhausted it completes; left early it is interrupted, with its count;
        in a `with` break completes, an exception fails, Ctrl-C interrupts.
        """
        from headway.runtime.current import current_context
        from headway.runtime.loop import Loop

        context = current_context()
        if context is not None:
            return context.track(iterable, label, total=total, unit=unit, key=key)
        block = self.tracked(label or "loop", type="loop", external_id=external_id, show=show)
        return Loop(block.begin, iterable, label, total, unit, key, block.end)

    @property
    def aio(self) -> AsyncVerbs:
        """The same verbs, awaited: `await hw.aio.get(17)`, `async for event in hw.aio.watch(17)`."""
        return AsyncVerbs(self)

    def _around(self) -> tuple[str, int] | None:
        """The job and attempt for which another process started this one, if they are kept in this database."""
        job, attempt = os.environ.get("HEADWAY_JOB"), os.environ.get("HEADWAY_ATTEMPT", "")
        if not job or not attempt.isdecimal() or self.url != opening.default_url():
            return None
        return job, int(attempt)
