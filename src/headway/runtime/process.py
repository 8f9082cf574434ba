"""A command with all its descendants, as one thing that can be read, stopped, continued and ended.

Needs Linux 5.3 or newer (pidfd_open).
"""

from __future__ import annotations

import fcntl
import os
import pty as pseudo_terminal
import selectors
import struct
import subprocess
import termios
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, suppress
from signal import SIGCONT, SIGKILL, SIGSTOP, SIGTERM, Signals
from types import TracebackType
from typing import Literal, Self

from headway.runtime.alarm import Alarm
from headway.runtime.lifeline import Lifeline
from headway.runtime.lines import STREAMS, Line, LineSplitter, Stream
from headway.runtime.proc import ended_before, session_processes

LINGER_S = 1.0
QUIET_S = 0.3
_CHUNK = 64 * 1024
_PIPE_MAX = 1024 * 1024  # the most that a pipe of an unprivileged process holds
_ROWS_COLUMNS = struct.pack("HHHH", 40, 120, 0, 0)
# On a terminal programs would wait in a pager for a key that nobody presses.
_TERMINAL_ENV = {"PAGER": "cat", "GIT_PAGER": "cat", "MANPAGER": "cat", "SYSTEMD_PAGER": "cat"}


class ProcessGroup:
    """A command that runs in a session and process group of its own.

    stdin: "null" reads as empty, "inherit" is this process's. pty: stdout and stderr are a pseudo-terminal
    each, so that tools which draw meters only on a terminal draw them; the streams stay apart, and pagers are
    turned off. linger_s: how long to wait for more output when the command has ended but a descendant keeps
    its output open.

    Signals reach every process of the session, also those that moved to a process group of their own; a
    daemon that left the session is out of reach. When this process dies, the group is ended by a Lifeline.
    Leaving `with` waits for the command, unless an exception leaves it: then the group is killed.

    Raises TypeError for a text instead of a list, ValueError for an empty one, and OSError as
    subprocess.Popen does.
    """

    def __init__(
        self,
        argv: Sequence[str],
        *,
        cwd: str | os.PathLike[str] | None = None,
        env: Mapping[str, str] | None = None,
        stdin: Literal["null", "inherit"] = "null",
        pty: bool = False,
        linger_s: float = LINGER_S,
    ) -> None:
        self._linger_s = linger_s
        self._resources = ExitStack()
        self._streams: dict[int, LineSplitter] = {}
        self._on_bytes: Callable[[Stream, bytes], None] | None = None
        words = _checked(argv)
        try:
            self._popen = self._start(words, pty, cwd, _with_terminal(env) if pty else env, stdin)
            self._exited = self._watched()
        except BaseException:
            self._resources.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if kind is not None:
            self.end(grace_s=0)
        self.close()

    @property
    def pid(self) -> int:
        """The process id of the command itself, which is also the id of its session and group."""
        return self._popen.pid

    @property
    def exit_code(self) -> int:
        """As shells count: the command's own code, or 128 + n when signal n ended it. Known after `close`."""
        code = self._returncode()
        return code if code >= 0 else 128 - code

    @property
    def signal(self) -> int | None:
        """The number of the signal that ended the command, else None. Known after `close`."""
        return max(0, -self._returncode()) or None

    def pump(self, on_line: Callable[[Line], None], on_bytes: Callable[[Stream, bytes], None] | None = None) -> None:
        """Hand each line to on_line, in this thread, until the command has ended and its output is read.

        on_bytes: gets the same output as it was printed. A slow one of them slows the command down: what it
        prints waits in the pipe.
        """
        self._on_bytes = on_bytes
        with selectors.DefaultSelector() as selector, Alarm() as linger:
            for source in (*self._streams, self._exited, linger.fd):
                selector.register(source, selectors.EVENT_READ)
            exited = False
            while (self._streams or not exited) and linger.fd not in (ready := self._wait(selector, on_line)):
                if self._exited in ready:
                    exited = True
                    selector.unregister(self._exited)
                    linger.ring_in(self._linger_s)
                for source in ready & self._streams.keys():
                    if not self._read(source, on_line):
                        selector.unregister(source)
            for source in list(self._streams):
                self._drain(source, on_line)

    def stop(self) -> None:
        """Suspend every process (SIGSTOP); returns when the command itself is stopped or has ended."""
        self._send(SIGSTOP)
        os.waitid(os.P_PID, self.pid, os.WSTOPPED | os.WEXITED | os.WNOWAIT)

    def resume(self) -> None:
        """Let every process go on (SIGCONT)."""
        self._send(SIGCONT)

    def end(self, grace_s: float) -> None:
        """Ask every process to end (SIGTERM), kill (SIGKILL) those that still live after grace_s seconds.

        Returns when all have ended. Somebody must be reading the output meanwhile, since a process that waits
        for room in the pipe cannot end.
        """
        self._send(SIGTERM)
        self._send(SIGCONT)  # a stopped process does not see the SIGTERM before it goes on
        with Alarm() as grace:
            grace.ring_in(grace_s)
            while (alive := self.members()) and ended_before(alive, grace):
                pass
        while alive := self.members():
            self._send(SIGKILL)
            ended_before(alive, None)

    def members(self) -> list[int]:
        """The ids of the processes of the session that live now."""
        return [process.pid for process in session_processes(self.pid)]

    def close(self) -> None:
        """Wait for the command to end, keep its exit code, and let its output go. May be called twice."""
        self._resources.close()
        self._popen.wait()

    def _output(self, stream: Stream, pty: bool, theirs: ExitStack) -> int:
        """Open a channel. Gives the end for the command, which `theirs` closes; the other one stays here."""
        reading, writing = pseudo_terminal.openpty() if pty else os.pipe()
        self._resources.callback(os.close, reading)
        theirs.callback(os.close, writing)
        if pty:
            _as_plain_channel(writing)
        os.set_blocking(reading, False)
        self._streams[reading] = LineSplitter(stream)
        return writing

    def _start(
        self,
        argv: list[str],
        pty: bool,
        cwd: str | os.PathLike[str] | None,
        env: Mapping[str, str] | None,
        stdin: Literal["null", "inherit"],
    ) -> subprocess.Popen[bytes]:
        source = subprocess.DEVNULL if stdin == "null" else None
        with ExitStack() as theirs:
            stdout, stderr = (self._output(stream, pty, theirs) for stream in STREAMS)
            return subprocess.Popen(
                argv, stdin=source, stdout=stdout, stderr=stderr, cwd=cwd, env=env, start_new_session=True
            )

    def _watched(self) -> int:
        """Tie the command to this process. Gives a descriptor that becomes readable at its end."""
        try:
            exited = os.pidfd_open(self.pid)
            self._resources.callback(os.close, exited)
            self._resources.enter_context(Lifeline(self.pid))
        except BaseException:
            os.killpg(self.pid, SIGKILL)
            self._popen.wait()
            raise
        return exited

    def _wait(self, selector: selectors.BaseSelector, on_line: Callable[[Line], None]) -> set[int]:
        """The sources that are ready. After a short quiet, text that has not ended is shown as it is."""
        unseen = any(splitter.has_unseen for splitter in self._streams.values())
        events = selector.select(QUIET_S if unseen else None)
        if not events:
            for splitter in self._streams.values():
                _hand_over(splitter.peek(), on_line)
        return {key.fd for key, _ in events}

    def _read(self, source: int, on_line: Callable[[Line], None]) -> int:
        """Read one chunk of what is there; gives 0 when the stream has ended."""
        try:
            data = os.read(source, _CHUNK)
        except BlockingIOError:
            return 1
        except OSError:  # a pseudo-terminal whose other side is closed answers EIO
            data = b""
        if data:
            if self._on_bytes is not None:
                self._on_bytes(self._streams[source].stream, data)
            _hand_over(self._streams[source].feed(data), on_line)
        else:
            _hand_over(self._streams.pop(source).finish(), on_line)
        return len(data)

    def _drain(self, source: int, on_line: Callable[[Line], None]) -> None:
        """Read what the command had printed before it ended, though a descendant goes on printing."""
        left = _PIPE_MAX
        while left > 0 and source in self._streams and _has_more(source):
            left -= self._read(source, on_line)
        if source in self._streams:
            _hand_over(self._streams.pop(source).finish(), on_line)

    def _returncode(self) -> int:
        if self._popen.returncode is None:
            raise RuntimeError("the exit code of a command is known after close(), which waits for its end")
        return self._popen.returncode

    def _send(self, number: Signals) -> None:
        """Signal the command's group at once, then the groups that descendants made inside the session."""
        if self._popen.returncode is not None:
            return  # reaped: the number may belong to somebody else by now
        groups = {process.group for process in session_processes(self.pid)}
        for group in (self.pid, *(groups - {self.pid})):
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(group, number)


def _checked(argv: Sequence[str]) -> list[str]:
    if isinstance(argv, (str, bytes)):
        raise TypeError(
            "a command is a list of words, found one text; give ['rsync', '-a', ...], or ['sh', '-c', text]"
        )
    if not argv:
        raise ValueError("a command is a list of at least one word, the program; found an empty list")
    return [os.fspath(word) for word in argv]


def _with_terminal(env: Mapping[str, str] | None) -> dict[str, str]:
    known = dict(os.environ if env is None else env)
    if known.get("TERM", "dumb") == "dumb":
        known["TERM"] = "xterm"
    return known | _TERMINAL_ENV


def _as_plain_channel(terminal: int) -> None:
    """Turn off what a terminal does to the text, and give it a size that meters have room in."""
    attributes = termios.tcgetattr(terminal)
    attributes[1] &= ~termios.OPOST
    attributes[3] &= ~(termios.ECHO | termios.ISIG)
    termios.tcsetattr(terminal, termios.TCSANOW, attributes)
    fcntl.ioctl(terminal, termios.TIOCSWINSZ, _ROWS_COLUMNS)


def _hand_over(lines: Iterator[Line], on_line: Callable[[Line], None]) -> None:
    for line in lines:
        on_line(line)


def _has_more(source: int) -> bool:
    with selectors.DefaultSelector() as selector:
        selector.register(source, selectors.EVENT_READ)
        return bool(selector.select(0))
