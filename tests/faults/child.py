"""A process of a test: started, listened to line by line, stopped, continued, killed."""

from __future__ import annotations

import os
import queue
import signal
import subprocess
import sys
import threading
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

from tests.support.processes import wait_for_state

ROOT = Path(__file__).parents[2]
PATIENCE_S = 60.0
"""How long a line or an end may take on a busy machine before the test gives up."""


class Child:
    """`python -m module arguments`, in a group of its own. At the end of the block it is killed if it still lives."""

    def __init__(
        self, module: str, *arguments: object, prefix: Sequence[str] = (), env: Mapping[str, str] | None = None
    ) -> None:
        self._lines: queue.SimpleQueue[str | None] = queue.SimpleQueue()
        self.process = subprocess.Popen(
            [*prefix, sys.executable, "-m", module, *map(str, arguments)], cwd=ROOT, env={**os.environ, **(env or {})},
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True,
        )  # fmt: skip
        self._errors: list[str] = []
        self._readers = [threading.Thread(target=read, daemon=True) for read in (self._read, self._collect)]
        for reader in self._readers:
            reader.start()

    @property
    def pid(self) -> int:
        """The id of the process."""
        return self.process.pid

    @property
    def errors(self) -> str:
        """What was read of its standard error; all of it once rest() has returned."""
        return "".join(self._errors)

    def line(self, start: str = "") -> str:
        """Waits for its next line that begins with `start`; those before it are passed over."""
        while True:
            line = self._lines.get(timeout=PATIENCE_S)
            if line is None:
                raise RuntimeError(f"it ended before it said {start!r}: {self.errors}")  # no check has failed
            if line.startswith(start):
                return line

    def rest(self) -> list[str]:
        """Waits for its end; the lines that were not read yet."""
        lines = []
        while (line := self._lines.get(timeout=PATIENCE_S)) is not None:
            lines.append(line)
        self.process.wait(PATIENCE_S)
        self._readers[1].join(PATIENCE_S)
        return lines

    def tell(self, text: str = "") -> None:
        """Gives it a line on its standard input."""
        assert self.process.stdin is not None
        self.process.stdin.write(text + "\n")
        self.process.stdin.flush()

    def send(self, number: signal.Signals) -> None:
        """Sends it a signal."""
        self.process.send_signal(number)

    def stop(self) -> None:
        """SIGSTOP, and waits until it stands still."""
        self.send(signal.SIGSTOP)
        wait_for_state(self.pid, "T")

    def send_continue(self) -> None:
        """SIGCONT, and waits until it is under way again."""
        self.send(signal.SIGCONT)
        wait_for_state(self.pid, "RSD")

    def kill_within(self, seconds: float) -> None:
        """SIGKILL at that moment, or when it has ended before."""
        try:
            self.process.wait(seconds)
        except subprocess.TimeoutExpired:
            self.kill()

    def kill(self) -> None:
        """SIGKILL to its group; nothing of it is left when this returns."""
        if self.process.poll() is None:
            os.killpg(self.pid, signal.SIGKILL)
        self.process.wait(PATIENCE_S)

    def finish(self) -> int:
        """SIGTERM, and waits for its orderly end."""
        self.send(signal.SIGTERM)
        return self.process.wait(PATIENCE_S)

    def _read(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self._lines.put(line.rstrip("\n"))
        self._lines.put(None)

    def _collect(self) -> None:
        assert self.process.stderr is not None
        self._errors.extend(self.process.stderr)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.kill()
        for reader in self._readers:
            reader.join(PATIENCE_S)
        if error is not None:
            print(f"process {self.pid} wrote:\n{self.errors}")
        for pipe in (self.process.stdin, self.process.stdout, self.process.stderr):
            if pipe is not None:
                pipe.close()


def worker(url: str, *modules: str, slots: int = 2) -> Child:
    """A worker process that has the job types of these modules of tests.faults; it has begun to work."""
    child = Child("tests.faults.worker_main", url, slots, *(f"tests.faults.{name}" for name in modules))
    child.line("working")
    return child
