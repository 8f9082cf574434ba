"""Ctrl-C, SIGTERM and a closed terminal, while `headway run` has a command in the foreground."""

from __future__ import annotations

import os
import signal
import threading
from contextlib import suppress
from pathlib import Path
from types import FrameType
from typing import Any

from headway.cli import exitcodes
from headway.cli.app import App
from headway.errors import HeadwayError
from headway.runtime.context import Context
from headway.runtime.proc import session_processes

AGAIN_S = 2.0
"""Within so long a second Ctrl-C means it."""


class Interrupts:
    """What the signals of one foreground command do. mode: ask or cancel, what the first Ctrl-C does.

    Handlers only note and start threads: they run between any two instructions of the main thread, which may hold
    locks. They write to the file of standard error directly for the same reason.
    """

    def __init__(self, app: App, mode: str) -> None:
        self._app = app
        self._mode = mode
        self._context: Context | None = None
        self._number = 0
        self._warned_at: float | None = None
        self._cancelled = False
        self._before: dict[signal.Signals, Any] = {}

    def install(self, context: Context) -> None:
        """From here on the signals mean the job of this context."""
        self._context, self._number = context, context.job.number
        for number, handler in (
            (signal.SIGINT, self._pressed), (signal.SIGTERM, self._end), (signal.SIGHUP, self._detach)
        ):  # fmt: skip
            if signal.getsignal(number) is not signal.SIG_IGN:  # as under nohup
                self._before[number] = signal.signal(number, handler)

    def restore(self) -> None:
        """The signals mean again what they did."""
        for number, handler in self._before.items():
            signal.signal(number, handler)

    def _pressed(self, number: int, frame: FrameType | None) -> None:
        now = self._app.clock.boot()
        if self._cancelled:
            threading.Thread(target=self._kill, daemon=True).start()
        elif self._mode == "cancel" or (self._warned_at is not None and now - self._warned_at <= AGAIN_S):
            self._cancelled = True
            _write(f"\nCancelling job {self._number}. Ctrl-C again kills it at once.\n")
            threading.Thread(target=self._cancel, daemon=True).start()
        else:
            self._warned_at = now
            _write(
                f"\nStill running as job {self._number}. Ctrl-C again within {AGAIN_S:.0f} s cancels it. "
                f"Pause: headway pause {self._number}\n"
            )

    def _cancel(self) -> None:
        if self._context is not None:
            try:
                self._app.hw.cancel(self._context.job_id, reason="Ctrl-C", scope="job")
            except HeadwayError as refused:
                _write(f"{refused}\n")

    def _kill(self) -> None:
        """Ends every process of the command at once; the cancel is under way already."""
        for pid in _children():
            for process in session_processes(pid):
                with suppress(ProcessLookupError, PermissionError):
                    os.kill(process.pid, signal.SIGKILL)

    def _end(self, number: int, frame: FrameType | None) -> None:
        threading.Thread(target=self._shut_down, daemon=True).start()

    def _shut_down(self) -> None:
        context = self._context
        if context is None or self._app.hw.get(context.job_id).state == "paused":
            os._exit(exitcodes.TERMINATED)  # the job stays paused; the lifeline ends its stopped processes
        context.outbox.shut_down()

    def _detach(self, number: int, frame: FrameType | None) -> None:
        """The terminal has gone: the work goes on without it."""
        nothing = os.open(os.devnull, os.O_RDWR)
        for file in (0, 1, 2):
            os.dup2(nothing, file)
        os.close(nothing)


def _children() -> list[int]:
    """The processes that this one has started."""
    found: list[int] = []
    for task in Path("/proc/self/task").iterdir():
        with suppress(OSError):
            found += [int(pid) for pid in (task / "children").read_text().split()]
    return found


def _write(text: str) -> None:
    with suppress(OSError):
        os.write(2, text.encode())
