"""What a forked child got of its parent and may not keep: a lock or a connection falls with the process that took it.

A fork hands every open file on. An flock belongs to the open file and a session of PostgreSQL to its socket, so while
a child of a process pool lives, a killed parent would go on holding both. Who keeps such things says so here.

The files of an SQLite database are left alone: its locks are of the process and are not handed on, and SQLite counts
its connections by file for the whole process: one that is closed or blanked below it would take a later one with it.
"""

from __future__ import annotations

import os
import threading
import weakref
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol


class Keeper(Protocol):
    """Something that a forked child has to let go of, or to forget."""

    def let_go_in_child(self) -> None:
        """Called in the child, at once. Other threads are gone, and whatever they had locked stays locked."""


_KEEPERS: weakref.WeakSet[Keeper] = weakref.WeakSet()


def keeps(keeper: Keeper) -> None:
    """From now on every forked child has it let go."""
    _KEEPERS.add(keeper)


def keeps_no_more(keeper: Keeper) -> None:
    """It has closed what it kept: its descriptors may soon be somebody else's."""
    _KEEPERS.discard(keeper)


def blank(*descriptors: int) -> None:
    """Puts the null device in the place of open files: nothing is said to their other side, and the number stays
    taken, for whoever closes it.
    """
    nothing = os.open(os.devnull, os.O_RDWR | os.O_CLOEXEC)
    try:
        for descriptor in descriptors:
            os.dup2(nothing, descriptor, inheritable=False)
    finally:
        os.close(nothing)


class Making:
    """Connections that are being made: a fork waits for them, for what has no number yet no child could let go of."""

    def __init__(self) -> None:
        self.begin_anew()

    def begin_anew(self) -> None:
        """In a child: the lock is that of the parent's threads."""
        self._changed = threading.Condition()
        self._under_way = 0

    @contextmanager
    def one(self) -> Iterator[None]:
        """A connection is made in the block, and kept somewhere at its end."""
        with self._changed:
            self._under_way += 1
        try:
            yield
        finally:
            with self._changed:
                self._under_way -= 1
                self._changed.notify_all()

    def hold(self) -> None:
        """Waits until none is under way, 1 s at most, for a server may not answer; none begins before release()."""
        self._changed.acquire()
        self._changed.wait_for(lambda: not self._under_way, PATIENCE_S)

    def release(self) -> None:
        """Others may begin again."""
        self._changed.release()


PATIENCE_S = 1.0
MAKING = Making()


def _let_go_in_child() -> None:
    MAKING.begin_anew()
    for keeper in list(_KEEPERS):
        keeper.let_go_in_child()


os.register_at_fork(before=MAKING.hold, after_in_parent=MAKING.release, after_in_child=_let_go_in_child)
