"""What the kernel tells about the processes of a session."""

from __future__ import annotations

import os
import selectors
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from pathlib import Path

from headway.runtime.alarm import Alarm


@dataclass(frozen=True, slots=True)
class Process:
    """A process id, its state as in /proc (R, S, D, T, Z, ...), and the ids of its group and session."""

    pid: int
    state: str
    group: int
    session: int


def session_processes(session: int) -> Iterator[Process]:
    """The processes of a session that live; those that have ended and wait to be reaped are left out."""
    for folder in Path("/proc").iterdir():
        process = process_at(int(folder.name)) if folder.name.isdigit() else None
        if process is not None and process.session == session and process.state not in "ZX":
            yield process


def process_at(pid: int) -> Process | None:
    """The process with this id, None when there is none."""
    try:
        stat = Path("/proc", str(pid), "stat").read_text(errors="replace")
    except OSError:
        return None
    # The name before the last bracket may hold anything, brackets and blanks too.
    state, _parent, group, session = stat.rpartition(")")[2].split()[:4]
    return Process(pid, state, int(group), int(session))


def ended_before(pids: Iterable[int], alarm: Alarm | None) -> bool:
    """Wait until all these processes have ended; False when the alarm rang before."""
    with ExitStack() as opened, selectors.DefaultSelector() as selector:
        for pid in pids:
            with suppress(ProcessLookupError):
                ended = os.pidfd_open(pid)
                opened.callback(os.close, ended)
                selector.register(ended, selectors.EVENT_READ)
        waiting = len(selector.get_map())
        if alarm is not None:
            selector.register(alarm.fd, selectors.EVENT_READ)
        while waiting:
            for key, _ in selector.select():
                if alarm is not None and key.fd == alarm.fd:
                    return False
                selector.unregister(key.fd)
                waiting -= 1
    return True
