"""Any command as a job's work: its output is the log, its meter the progress, control reaches all of it."""

from __future__ import annotations

import contextvars
import os
import signal
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePath
from queue import SimpleQueue
from typing import Literal

from headway.runtime.lines import Line, Stream
from headway.runtime.meters import meter_for, wants_terminal
from headway.runtime.output import LINES_SHOWN, CommandContext, Output
from headway.runtime.process import ProcessGroup

_ASK_S = 0.5  # how long a thread that asks the context for news outlives its command


@dataclass(frozen=True, slots=True)
class CommandResult:
    """How a command ended.

    exit_code: its own, or 128 + n when signal n ended it, as shells count. signal: that n, else None.
    lines: the end of what it printed on both streams, at most 1000 lines and about a million characters.
    """

    exit_code: int
    signal: int | None
    lines: tuple[str, ...]


class CommandFailed(RuntimeError):
    """A command could not be started (exit_code 126 or 127, as in shells) or ended with another code than 0.

    The message has the program's name, not its arguments, which may hold secrets, and the last lines of
    stderr.
    """

    def __init__(self, message: str, exit_code: int) -> None:
        super().__init__(message)
        self.exit_code = exit_code


@dataclass(frozen=True, slots=True)
class Command:
    """What to run, and how; the fields are those of `run_command`."""

    argv: Sequence[str]
    cwd: str | os.PathLike[str] | None
    env: Mapping[str, str] | None
    stdin: Literal["null", "inherit"]
    pty: bool
    grace_s: float
    pause: Literal["stop", "end"]

    @property
    def program(self) -> str:
        return PurePath(self.argv[0]).name


def run_command(
    ctx: CommandContext,
    argv: Sequence[str],
    *,
    cwd: str | os.PathLike[str] | None = None,
    env: Mapping[str, str] | None = None,
    progress_regex: str | None = None,
    grace_s: float = 10.0,
    pty: bool | None = None,
    on_line: Callable[[Line], None] | None = None,
    on_bytes: Callable[[Stream, bytes], None] | None = None,
    check: bool = True,
    pause: Literal["stop", "end"] = "stop",
    stdin: Literal["null", "inherit"] = "null",
) -> CommandResult:
    """Run a command as the work of the job, and return when it has ended.

    Output: what its meter reads becomes progress; every line becomes a log line with the attribute stream,
    without escape sequences, but a line that is nothing but a meter is not logged. Text that the program
    draws over (after a carriage return) is not logged either; when no meter reads it, it is the progress
    message for as long as it lasts.

    Pause: in a block of this process all processes are stopped where they are, and go on at resume; with
    pause="end", or when a worker runs the job, they are ended. Then, resumed, the command runs again from its
    start: what it must not repeat is its own affair (rsync, `curl -C -`, `wget -c` go on where they were).
    Cancel and shutdown: SIGTERM to all, SIGKILL after grace_s seconds; after a lost lease SIGKILL at once,
    since the next attempt may have begun. Halt is raised when all have ended.

    env: the whole environment; None inherits. progress_regex: see meters.Custom. on_line: gets each line as
    printed, in another thread of this process; on_bytes: the same output without any change. pty: a
    pseudo-terminal; None gives one only to programs that are known to draw their meter on a terminal alone
    (git, pip, docker), wherever the job is started from, so that a job does the same from cron and from a
    desk. Others would gain nothing, and lose: colours, columns, questions.

    Raises CommandFailed when the command cannot be started, and, with check, when its exit code is not 0;
    ValueError for a bad progress_regex or an empty argv; TypeError when argv is a text; what on_line raises,
    when it has ended.
    """
    with_terminal = wants_terminal(argv) if pty is None else pty
    command = Command(argv, cwd, env, stdin, with_terminal, grace_s, pause)
    while True:
        ctx.check()
        output = Output(ctx, meter_for(argv, progress_regex), on_line)
        result = Supervision(ctx, command, output, on_bytes).run()
        if result is not None:
            break
    if check and result.exit_code != 0:
        raise CommandFailed(_what_happened(command.program, result, output), result.exit_code)
    return result


class Supervision:
    """One run of a command. This thread obeys the context, one reads the output, one waits for requests."""

    def __init__(
        self, ctx: CommandContext, command: Command, output: Output, on_bytes: Callable[[Stream, bytes], None] | None
    ) -> None:
        self._ctx = ctx
        self._command = command
        self._output = output
        self._on_bytes = on_bytes
        self._news: SimpleQueue[Literal["ended", "asked"]] = SimpleQueue()
        self._obeyed = threading.Event()
        self._over = False
        self._gate = threading.Lock()  # held while paused: a paused job writes nothing
        self._error: BaseException | None = None

    def run(self) -> CommandResult | None:
        """Run the command to its end; None when it was ended for a pause that is over: run it again."""
        with _started(self._command) as group:
            reader = threading.Thread(
                target=contextvars.copy_context().run, args=(self._read, group), name="command output"
            )
            reader.start()
            threading.Thread(target=self._ask, name="command control", daemon=True).start()
            try:
                finished = self._supervise(group)
            except BaseException:
                group.end(self._grace_s())
                raise
            finally:
                self._over = True
                self._obeyed.set()
                reader.join()
        if self._error is not None:
            raise self._error
        return self._result(group) if finished else None

    def _supervise(self, group: ProcessGroup) -> bool:
        while self._news.get() == "asked":
            if self._ctx.stopping and not self._obey(group):
                return False
            self._obeyed.set()
        if self._error is not None:
            group.end(self._grace_s())
        return True

    def _obey(self, group: ProcessGroup) -> bool:
        """Do what is asked; True when the command goes on, False when it was ended and may run again."""
        ctx = self._ctx
        if ctx.why == "pause" and ctx.waits_in_place and self._command.pause == "stop":
            group.stop()
            with self._gate:
                ctx.check()
            group.resume()
            return True
        group.end(self._grace_s())
        with self._gate:
            ctx.check()
        return False

    def _grace_s(self) -> float:
        return 0.0 if self._ctx.why == "lease_lost" else self._command.grace_s

    def _result(self, group: ProcessGroup) -> CommandResult:
        return CommandResult(group.exit_code, group.signal, self._output.lines.last())

    def _read(self, group: ProcessGroup) -> None:
        try:
            group.pump(self._take, self._on_bytes)
        except BaseException as error:
            self._fail(error)
        finally:
            self._news.put("ended")

    def _take(self, line: Line) -> None:
        """Pass a line on; after an error only empty the pipe, so that the command can end."""
        if self._error is None:
            with self._gate:
                try:
                    self._output.take(line)
                except BaseException as error:
                    self._fail(error)

    def _fail(self, error: BaseException) -> None:
        self._error = self._error or error
        self._news.put("ended")

    def _ask(self) -> None:
        while not self._over:
            if self._ctx.wait_asked(_ASK_S):
                self._news.put("asked")
                self._obeyed.wait()
                self._obeyed.clear()


def _started(command: Command) -> ProcessGroup:
    try:
        return ProcessGroup(command.argv, cwd=command.cwd, env=command.env, stdin=command.stdin, pty=command.pty)
    except OSError as error:
        code = 127 if isinstance(error, FileNotFoundError) else 126
        missing = error.filename if error.filename is not None else command.program
        raise CommandFailed(
            f"{command.program} could not be started: {error.strerror}: {os.fspath(missing)!r}; "
            "give a program that is on the PATH, or its whole path, and a folder that exists",
            code,
        ) from error


def _what_happened(program: str, result: CommandResult, output: Output) -> str:
    if result.signal is None:
        how = f"ended with exit code {result.exit_code}"
    else:
        how = f"was ended by signal {result.signal} ({signal.strsignal(result.signal)})"
    errors = output.errors.last(LINES_SHOWN)
    shown = errors or output.lines.last(LINES_SHOWN)
    where = "stderr" if errors else "its output"
    told = "\n  ".join((f"; the last lines of {where}:", *shown)) if shown else " and printed nothing"
    return f"{program} {how}{told}"
