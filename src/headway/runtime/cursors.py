"""Where the loops of an attempt stand, and where those of earlier attempts stood."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from headway.runtime.measure import Measure
from headway.runtime.outbox import Outbox

if TYPE_CHECKING:
    from headway.runtime.loop import Loop


def done_item(ledger: str, key: str, now: float) -> dict[str, Any]:
    """The row of a member of a keyed loop that is done."""
    return {
        "ledger": ledger, "key": key, "state": "done", "attempts": 1, "value": None, "size": None, "hash": None,
        "data": "{}", "error": None, "updated_at": now,
    }  # fmt: skip


class Cursors:
    """The cursors of one attempt's loops.

    A loop is named by its label and those of the loops around it. Its cursor says how many members are done, and how
    many the loops around it had done: only where those stand there again does the inner loop go on after its cursor.
    """

    def __init__(self, saved: dict[str, Any], measure: Measure, now: Callable[[], float]) -> None:
        self._saved = saved
        self._measure = measure
        self._now = now
        self._names: dict[Loop[Any], str] = {}
        self._around: dict[Loop[Any], list[Loop[Any]]] = {}
        self._times: dict[str, int] = {}
        self._threads: threading.local | None = None

    def enter(self, loop: Loop[Any], outbox: Outbox) -> None:
        """A loop begins in the calling thread."""
        stack = self._stack()
        self._around[loop] = list(stack)
        self._names[loop] = self._name(loop)
        loop.phase = None if stack else self._measure.open_planned(loop.label)
        stack.append(loop)
        outbox.listeners.append(loop.interrupt)

    def begin(self, loop: Loop[Any]) -> int:
        """How many members earlier attempts have done; from here on the loop is counted."""
        saved = self._saved.get(self._names[loop])
        return int(saved["done"]) if saved and saved["within"] == self._where(loop) else 0

    def counted(self, loop: Loop[Any]) -> None:
        """The loop knows where it begins: an outermost one gives its phase its counters."""
        if not self._around[loop]:
            self._measure.begin_loop(loop, None if loop.unit == "it" else loop.unit)

    def leave(self, loop: Loop[Any], finished: bool, outbox: Outbox) -> None:
        """A loop ends, exhausted or left early."""
        self._save(loop, outbox)
        del self._names[loop]
        if loop.interrupt in outbox.listeners:
            outbox.listeners.remove(loop.interrupt)
        if not self._around.pop(loop):
            self._measure.end_loop(loop)
        stack = self._stack()
        if loop in stack:
            stack.remove(loop)
        if loop.phase is not None:
            (self._measure.close if finished else self._measure.leave)(loop.phase)

    def save(self, outbox: Outbox) -> None:
        """Adds the cursors that moved to what is to be stored."""
        for loop in list(self._names):
            self._save(loop, outbox)

    @property
    def innermost(self) -> Loop[Any] | None:
        """The loop whose member the calling thread is at."""
        stack = self._stack()
        return stack[-1] if stack else None

    def say_member_done(self, loop: Loop[Any], outbox: Outbox) -> None:
        """Says that the member at hand is done, for a transaction that stores its work."""
        name = self._names.get(loop)
        if name and loop.key_at_hand is not None:
            outbox.item(done_item(loop.label, loop.key_at_hand, self._now()), advanced=True)
        if name:
            self._say(name, loop.done_with_member, self._where(loop), outbox)

    def attach(self, outbox: Outbox) -> None:
        """The loops under way go on in another attempt."""
        outbox.listeners.extend(loop.interrupt for loop in self._names)

    def _save(self, loop: Loop[Any], outbox: Outbox) -> None:
        name = self._names.get(loop)
        cursor = {"done": loop.done, "within": self._where(loop)}
        known = self._saved.get(name) if name else cursor
        if name and known != cursor and (cursor["done"] or known):
            self._saved[name] = cursor
            self._say(name, loop.done, self._where(loop), outbox)

    def _say(self, name: str, done: int, within: list[int], outbox: Outbox) -> None:
        outbox.checkpoint("cursor", name, f'{{"done":{done},"within":{within}}}', self._now())

    def _where(self, loop: Loop[Any]) -> list[int]:
        return [outer.done for outer in self._around.get(loop, ())]

    def _name(self, loop: Loop[Any]) -> str:
        """The labels on the way to a loop; one that comes again at the same place is numbered."""
        path = " / ".join([*(outer.label for outer in self._around[loop]), loop.label])
        place = f"{path} {self._where(loop)}"
        self._times[place] = self._times.get(place, 0) + 1
        return path if self._times[place] == 1 else f"{path} #{self._times[place]}"

    def _stack(self) -> list[Loop[Any]]:
        self._threads = self._threads or threading.local()
        stack: list[Loop[Any]] = self._threads.__dict__.setdefault("stack", [])
        return stack
