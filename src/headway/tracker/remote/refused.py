"""What needs the database itself: refused where there is only a server, with what to do instead."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from headway.errors import NotSupported
from headway.tracker import submission
from headway.tracker.connection import AnyId
from headway.tracker.remote.calling import Calling

if TYPE_CHECKING:
    from headway.store.contract import Database


class Refused(Calling):
    """What runs jobs."""

    def worker(
        self, slots: int = 4, queues: Sequence[str] = ("default",), types: Sequence[str] | None = None,
        *, tree: AnyId | None = None,
    ) -> Any:  # fmt: skip
        raise _not_here(
            "A worker needs the database itself. Start it where that is (headway serve --import MODULE, or headway "
            "worker --url with its address), or let a program take jobs by POST /claim"
        )

    def work_until_idle(self) -> int:
        raise _not_here("Running jobs needs the database itself. Start a worker where that is")

    def tracked(
        self, name: str, *, type: str = "block", external_id: str | Mapping[str, str] | None = None,
        input: Mapping[str, Any] | None = None, show: bool = True, **options: Any,
    ) -> Any:  # fmt: skip
        submission.refuse_unknown(options)
        raise _not_here(
            "A block keeps its job's lease in the database itself. Use its address, or report over HTTP: POST /jobs "
            'with "start": true'
        )

    @property
    def _database(self) -> Database:
        raise _not_here("This needs the database itself, and was asked of a server. Use the address of the database")


def _not_here(instead: str) -> NotSupported:
    return NotSupported(f"{instead}.")
