"""The real `headway` command as tests call it: to its end, beside the test, or on a terminal of its own."""

from __future__ import annotations

import codecs
import fcntl
import json
import os
import pty
import select
import struct
import subprocess
import sys
import termios
from collections.abc import Sequence
from pathlib import Path
from typing import Any

PROGRAM = str(Path(sys.executable).with_name("headway"))

JOBS = '''
"""Job types whose work a test holds in its hand: they go on while a file of that name is there."""
from pathlib import Path
import headway

@headway.job("gate")
def gate(ctx: headway.Context, path: str) -> str:
    ctx.plan("wait", "go")
    with ctx.phase("wait"):
        while not Path(path).exists():
            ctx.sleep(0.02)
    ctx.step("go", lambda: None)
    return "through"

@headway.job("quick")
def quick(ctx: headway.Context, text: str = "done") -> str:
    ctx.log(text)
    return text

@headway.job("broken")
def broken(ctx: headway.Context) -> None:
    ctx.log("about to fail")
    raise ValueError("no such table: users")
'''


class Cli:
    """The command, with a database and a home of its own."""

    def __init__(self, url: str, home: Path) -> None:
        self.url = url
        self.home = home
        (home / "jobs.py").write_text(JOBS)
        kept = {name: value for name, value in os.environ.items() if name in ("PATH", "LANG", "TMPDIR", "TZ")}
        self._started: list[subprocess.Popen[bytes]] = []
        self._terminals: list[Terminal] = []
        self.env = {**kept, "HOME": str(home), "HEADWAY_URL": url, "TERM": "xterm-256color", "PYTHONWARNINGS": "error"}

    def __call__(
        self, *words: str, stdin: str | bytes = b"", env: dict[str, str] | None = None
    ) -> subprocess.CompletedProcess[str]:
        """Runs it to its end."""
        given = stdin.encode() if isinstance(stdin, str) else stdin
        done = subprocess.run(
            [PROGRAM, *words],
            input=given,
            capture_output=True,
            cwd=self.home,
            env={**self.env, **(env or {})},
            check=False,
        )
        return subprocess.CompletedProcess(
            done.args, done.returncode, done.stdout.decode(errors="replace"), done.stderr.decode(errors="replace")
        )

    def raw(self, *words: str) -> bytes:
        """Its standard output as bytes."""
        done = subprocess.run(
            [PROGRAM, *words], stdin=subprocess.DEVNULL, capture_output=True, cwd=self.home, env=self.env, check=True
        )
        return done.stdout

    def json(self, *words: str, code: int = 0) -> Any:
        """Runs it with --json, and reads the one document that it answers with."""
        done = self(*words, "--json")
        assert done.returncode == code, done
        return strict(done.stdout)

    def start(self, *words: str) -> subprocess.Popen[bytes]:
        """Starts it beside the test, in a process group of its own, as a shell does."""
        pipe = subprocess.PIPE
        started = subprocess.Popen(
            [PROGRAM, *words], stdin=pipe, stdout=pipe, stderr=pipe, cwd=self.home, env=self.env, process_group=0
        )
        self._started.append(started)
        return started

    def terminal(
        self, *words: str, columns: int = 100, env: dict[str, str] | None = None, program: Sequence[str] = (PROGRAM,)
    ) -> Terminal:
        """Starts it on a terminal of its own."""
        terminal = Terminal([*program, *words], self.home, {**self.env, **(env or {})}, columns)
        self._terminals.append(terminal)
        return terminal

    def close(self) -> None:
        """Ends what the test has left."""
        for terminal in self._terminals:
            terminal.close()
        for process in (*self._started, *(terminal.process for terminal in self._terminals)):
            if process.poll() is None:
                process.kill()
            process.wait()
            for pipe in (process.stdin, process.stdout, process.stderr):
                if pipe is not None:
                    pipe.close()


class Terminal:
    """A command on a pseudo-terminal: what it draws is read, keys are pressed, the terminal can be closed."""

    def __init__(self, argv: list[str], cwd: Path, env: dict[str, str], columns: int) -> None:
        self._keys, screen = pty.openpty()
        fcntl.ioctl(screen, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
        # setsid --ctty makes the terminal the command's own, so that keys become signals and closing it a hang-up.
        self.process = subprocess.Popen(
            ["setsid", "--ctty", *argv], stdin=screen, stdout=screen, stderr=screen, cwd=cwd, env=env
        )
        os.close(screen)
        self.drawn = ""
        self._seen = 0
        self._decoded = codecs.getincrementaldecoder("utf-8")("replace").decode  # a read may end inside a character

    def until(self, text: str) -> str:
        """Reads until the text has been drawn, behind what the last call has found; what was drawn there."""
        begin = self._seen
        while (found := self.drawn.find(text, begin)) < 0:
            assert self._read(), f"the command ended before it drew {text!r}: {self.drawn!r}"
        self._seen = found + len(text)
        return self.drawn[begin : self._seen]

    def press(self, keys: str) -> None:
        """Presses keys; \\x03 is Ctrl-C."""
        os.write(self._keys, keys.encode())

    def close(self) -> None:
        """Closes the terminal, which hangs up on whoever runs in it."""
        if self._keys >= 0:
            os.close(self._keys)
        self._keys = -1

    def end(self) -> int:
        """Reads to the end; the exit code."""
        while self._read():
            pass
        return self.process.wait()

    def _read(self) -> bool:
        """Reads what is there next; False at the end."""
        select.select([self._keys], [], [])
        try:
            data = os.read(self._keys, 65536)
        except OSError:  # the other side is closed
            return False
        self.drawn += self._decoded(data)
        return bool(data)


def strict(text: str) -> Any:
    """JSON text as a strict parser reads it: one document, no NaN, no doubled keys."""

    def no(word: str) -> None:
        raise ValueError(f"{word} is not JSON")

    def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        assert len(dict(pairs)) == len(pairs), f"a key comes twice: {pairs}"
        return dict(pairs)

    return json.loads(text, parse_constant=no, object_pairs_hook=once)
