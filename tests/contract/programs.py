"""Other processes that a test talks with, line by line."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager


class Program:
    """A running Python program that prints lines and reads them."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process

    @property
    def pid(self) -> int:
        return self._process.pid

    def hear(self) -> str:
        """The next line that it prints; empty when it has ended."""
        assert self._process.stdout
        return self._process.stdout.readline().rstrip("\n")

    def say(self, text: str = "") -> None:
        """Gives it a line."""
        assert self._process.stdin
        self._process.stdin.write(f"{text}\n")
        self._process.stdin.flush()

    def end(self) -> int:
        """Waits for its end; the exit code."""
        return self._process.wait()


@contextmanager
def program(code: str, *arguments: str) -> Iterator[Program]:
    """Runs Python code in a process of its own, which is over after the block."""
    with subprocess.Popen(
        [sys.executable, "-c", code, *arguments], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        try:
            yield Program(process)
        finally:
            process.kill()
