"""A command as the work of a job: log, progress, pause, cancel and failure."""

from __future__ import annotations

import os
import queue
import sys
import threading
from functools import partial
from pathlib import Path
from typing import Literal

import pytest

from headway.errors import Halt
from headway.runtime.lines import Line
from headway.runtime.shell import CommandFailed, CommandResult, run_command
from tests.support.processes import lives, wait_for_state

SLEEPER = "echo $$; sh -c 'echo $$; exec sleep 1000' & wait"
STUBBORN = "trap '' TERM; echo $$; while :; do sleep 1000; done"
Why = Literal["pause", "cancel", "lease_lost", "shutdown"]


class Context:
    """The part of a job's Context that a command needs, with its requests in the hands of the test."""

    def __init__(self, waits_in_place: bool = False) -> None:
        self.waits_in_place = waits_in_place
        self.why: Why | None = None
        self.logged: list[tuple[str, object]] = []
        self.reported: list[dict[str, object]] = []
        self.lines: queue.Queue[str] = queue.Queue()
        self.at_check = threading.Event()
        self.logged_while_paused: list[str] = []
        self._changed = threading.Condition()

    @property
    def stopping(self) -> bool:
        return self.why is not None

    def log(self, text: str, /, level: str = "info", **attrs: object) -> None:
        if self.at_check.is_set() and self.why == "pause":
            self.logged_while_paused.append(text)
        self.logged.append((text, attrs["stream"]))
        self.lines.put(text)

    def progress(self, **given: object) -> None:
        self.reported.append({name: value for name, value in given.items() if value is not None})

    def ask(self, why: Why | None) -> None:
        with self._changed:
            self.why = why
            self._changed.notify_all()

    def wait_asked(self, timeout_s: float) -> bool:
        with self._changed:
            return self._changed.wait_for(lambda: self.stopping, timeout_s)

    def check(self) -> None:
        if self.why == "pause" and self.waits_in_place:
            self.at_check.set()
            with self._changed:
                self._changed.wait_for(lambda: self.why != "pause")
        if self.why is not None:
            raise Halt(self.why)


class Running:
    """A command that runs in a thread, so that the test can ask for things meanwhile."""

    def __init__(self, ctx: Context, script: str, **options: object) -> None:
        self.result: CommandResult | None = None
        self.error: BaseException | None = None
        self._call = partial(run_command, ctx, ["sh", "-c", script], **options)  # type: ignore[arg-type]
        self._thread = threading.Thread(target=self._run)
        self._thread.start()

    def _run(self) -> None:
        try:
            self.result = self._call()
        except BaseException as error:
            self.error = error

    def join(self) -> Running:
        self._thread.join()
        return self


def pids_of(ctx: Context, count: int) -> list[int]:
    return [int(ctx.lines.get(timeout=60)) for _ in range(count)]


def sh(script: str, **options: object) -> tuple[Context, CommandResult]:
    ctx = Context()
    return ctx, run_command(ctx, ["sh", "-c", script], **options)  # type: ignore[arg-type]


def test_output_becomes_the_log() -> None:
    """Each line is logged with its stream, without colours, and the last ones are in the result."""
    ctx, result = sh("printf '\\033[31mred\\033[0m\\n'; echo bad >&2")
    assert set(ctx.logged) == {("red", "stdout"), ("bad", "stderr")}
    assert (result.exit_code, result.signal, set(result.lines)) == (0, None, {"red", "bad"})


def test_a_meter_becomes_progress_and_no_log() -> None:
    """Redraws of a meter are progress; what stands beside it in lines of its own is logged."""
    ctx, _ = sh("printf 'start\\n 10%%\\r 55%%\\r100%%\\nend\\n'")
    assert [text for text, _ in ctx.logged] == ["start", "end"]
    assert ctx.reported == [{"percent": 10}, {"percent": 55}, {"percent": 100}]


def test_a_line_with_words_is_progress_and_log() -> None:
    """A line that counts and says something is both."""
    ctx, _ = sh("echo '[3/4] Linking a'")
    assert ctx.logged == [("[3/4] Linking a", "stdout")]
    assert ctx.reported == [{"done": 3, "total": 4, "message": "Linking a"}]


def test_text_that_is_drawn_over_is_the_message() -> None:
    """What no meter reads and the program draws over is shown, not logged; the last of it is logged."""
    ctx, _ = sh("printf 'one\\rtwo\\rthree\\n'")
    assert ctx.logged == [("three", "stdout")]
    assert ctx.reported == [{"message": "one"}, {"message": "two"}]


def test_a_regex_of_the_user_reads_the_progress() -> None:
    """progress_regex reads the lines, which are logged too."""
    ctx, _ = sh("echo row 5 of 8", progress_regex=r"row (?P<done>\d+) of (?P<total>\d+)")
    assert ctx.reported == [{"done": 5, "total": 8}]
    assert ctx.logged == [("row 5 of 8", "stdout")]


def test_rsync_moves_the_progress(tmp_path: Path) -> None:
    """A real rsync: bytes and percentage rise to the end, and no meter is in the log."""
    source = tmp_path / "source"
    source.mkdir()
    for name in "abc":
        (source / name).write_bytes(bytes(1_000_000))
    ctx = Context()
    run_command(ctx, ["rsync", "-a", "--info=progress2", f"{source}/", f"{tmp_path}/target/"])
    assert (ctx.reported[-1]["done"], ctx.reported[-1]["percent"]) == (3_000_000, 100)
    assert not any("%" in text for text, _ in ctx.logged)


def test_pv_and_dd_move_the_progress() -> None:
    """Real pv and dd are both read; of two at the same moment the last word counts."""
    ctx, _ = sh("dd if=/dev/zero of=/dev/null bs=1000000 count=3 status=progress")
    assert {"done": 3_000_000.0, "total": 3_000_000.0, "unit": "B"} in ctx.reported
    ctx, _ = sh("head -c 3000000 /dev/zero | pv -f -s 3000000 > /dev/null")
    assert any(report.get("percent") == 100 for report in ctx.reported)


def test_curl_moves_the_progress(tmp_path: Path) -> None:
    """A real curl: its table becomes bytes of a total."""
    (tmp_path / "file").write_bytes(bytes(2**20))
    ctx = Context()
    run_command(ctx, ["curl", "-o", str(tmp_path / "copy"), f"file://{tmp_path}/file"])
    assert {"done": 2**20, "total": 2**20, "unit": "B"} in ctx.reported
    assert ctx.logged == []


def test_git_draws_on_its_terminal(tmp_path: Path) -> None:
    """git gets a terminal without being asked, and its stages become progress."""
    run = ["git", "-c", "user.name=a", "-c", "user.email=a@b", "-C", str(tmp_path / "one")]
    ctx = Context()
    run_command(ctx, ["git", "init", "-q", str(tmp_path / "one")])
    run_command(ctx, [*run, "commit", "-q", "--allow-empty", "-m", "first"])
    run_command(ctx, ["git", "clone", f"file://{tmp_path}/one", str(tmp_path / "two")])
    assert {"done": 2, "total": 2, "unit": "objects", "message": "Receiving objects"} in ctx.reported


def test_a_failure_says_what_the_command_said() -> None:
    """A code other than 0 raises, with the last lines of stderr and without the arguments."""
    with pytest.raises(CommandFailed) as failure:
        sh("echo out; echo 'no space left' >&2; exit 23 # secret")
    assert failure.value.exit_code == 23
    assert str(failure.value) == "sh ended with exit code 23; the last lines of stderr:\n  no space left"


def test_a_failure_names_the_signal() -> None:
    """Ended by a signal: its number, as shells count it, and its name."""
    with pytest.raises(CommandFailed, match=r"sh was ended by signal 9 \(Killed\) and printed nothing") as failure:
        sh("kill -KILL $$")
    assert failure.value.exit_code == 137


def test_without_check_the_result_tells() -> None:
    """check=False gives the code back instead of raising."""
    _, result = sh("exit 23", check=False)
    assert (result.exit_code, result.signal) == (23, None)


@pytest.mark.parametrize(("argv", "code"), [(["no-such-program"], 127), (["/"], 126)])
def test_a_command_that_can_not_start_fails(argv: list[str], code: int) -> None:
    """Not found is 127 and not permitted is 126, as in shells."""
    with pytest.raises(CommandFailed, match="could not be started") as failure:
        run_command(Context(), argv)
    assert failure.value.exit_code == code


def test_cwd_and_env_reach_the_command(tmp_path: Path) -> None:
    """The command runs in its folder with its environment."""
    ctx, _ = sh("pwd; echo $HEADWAY_JOB", cwd=tmp_path, env={"HEADWAY_JOB": "17"})
    assert [text for text, _ in ctx.logged] == [str(tmp_path), "17"]


def test_on_line_sees_everything_as_printed() -> None:
    """on_line gets each line with its escape sequences, redraws too."""
    seen: list[Line] = []
    sh("printf '\\033[1m5%%\\r9%%\\033[0m\\n'", on_line=seen.append)
    assert [line.text for line in seen] == ["\x1b[1m5%", "9%\x1b[0m"]


def test_an_error_of_on_line_ends_the_command() -> None:
    """What on_line raises comes out of run_command, and nothing is left running."""
    pids: list[int] = []

    def refuse(line: Line) -> None:
        pids.append(int(line.text))
        raise KeyError(line.text)

    with pytest.raises(KeyError):
        sh("echo $$; exec sleep 1000", on_line=refuse)
    assert not any(lives(pid) for pid in pids)


def test_pause_in_place_stops_every_process_and_resume_goes_on() -> None:
    """In a block of this process the group is stopped (state T), grandchildren too, and goes on at resume."""
    ctx = Context(waits_in_place=True)
    running = Running(ctx, SLEEPER)
    pids = pids_of(ctx, 2)
    ctx.ask("pause")
    for pid in pids:
        wait_for_state(pid, "T")
    assert ctx.at_check.wait(60)
    ctx.ask(None)
    for pid in pids:
        wait_for_state(pid, "RS")
    ctx.ask("cancel")
    assert isinstance(running.join().error, Halt)


def test_a_paused_job_writes_nothing() -> None:
    """While a block is paused in place nothing is logged, though the pipe still holds lines."""
    ctx = Context(waits_in_place=True)
    running = Running(ctx, "while :; do echo x; done")
    ctx.lines.get(timeout=60)
    ctx.ask("pause")
    assert ctx.at_check.wait(60)
    for _ in range(1000):
        os.sched_yield()  # a thread that could write would have its turn now
    ctx.ask("cancel")
    assert isinstance(running.join().error, Halt)
    assert ctx.logged_while_paused == []


def test_cancel_of_a_paused_block_ends_the_group() -> None:
    """Cancelled while stopped: the group ends and Halt passes on."""
    ctx = Context(waits_in_place=True)
    running = Running(ctx, SLEEPER)
    pids = pids_of(ctx, 2)
    ctx.ask("pause")
    assert ctx.at_check.wait(60)
    ctx.ask("cancel")
    error = running.join().error
    assert isinstance(error, Halt)
    assert error.why == "cancel"
    assert not any(lives(pid) for pid in pids)


@pytest.mark.parametrize("why", ["pause", "cancel", "shutdown", "lease_lost"])
def test_in_a_worker_every_request_ends_the_command(why: Why) -> None:
    """A worker's command is ended as a group, and then Halt is raised with its reason."""
    ctx = Context()
    running = Running(ctx, SLEEPER)
    pids = pids_of(ctx, 2)
    ctx.ask(why)
    error = running.join().error
    assert isinstance(error, Halt)
    assert error.why == why
    assert not any(lives(pid) for pid in pids)


def test_who_ignores_cancel_is_killed_after_the_grace() -> None:
    """SIGKILL ends a command that ignores SIGTERM, and only then Halt is raised."""
    ctx = Context()
    running = Running(ctx, STUBBORN, grace_s=0.05)
    pids = pids_of(ctx, 1)
    ctx.ask("cancel")
    assert isinstance(running.join().error, Halt)
    assert not any(lives(pid) for pid in pids)


def test_after_a_lost_lease_there_is_no_grace() -> None:
    """The next attempt may run already: a command whose lease is lost is killed at once."""
    ctx = Context()
    running = Running(ctx, STUBBORN, grace_s=3600)
    pids = pids_of(ctx, 1)
    ctx.ask("lease_lost")
    assert isinstance(running.join().error, Halt)
    assert not any(lives(pid) for pid in pids)


def test_a_pause_that_ends_the_command_runs_it_again(tmp_path: Path) -> None:
    """With pause="end" the command is ended, and after resume runs again from its start."""
    ctx = Context(waits_in_place=True)
    script = f"test -e {tmp_path}/ran && exit 0; touch {tmp_path}/ran; echo first; exec sleep 1000"
    running = Running(ctx, script, pause="end")
    assert ctx.lines.get(timeout=60) == "first"
    ctx.ask("pause")
    assert ctx.at_check.wait(60)
    ctx.ask(None)
    assert running.join().result == CommandResult(0, None, ())


def test_a_request_that_came_before_starts_nothing(tmp_path: Path) -> None:
    """A job that is already asked to halt does not start its command."""
    ctx = Context()
    ctx.ask("cancel")
    with pytest.raises(Halt):
        run_command(ctx, ["touch", str(tmp_path / "started")])
    assert not (tmp_path / "started").exists()


def test_the_lines_of_the_result_are_bounded() -> None:
    """However much a command prints, the result holds its last 1000 lines."""
    _, result = sh("seq 5000")
    assert result.lines == tuple(str(number) for number in range(4001, 5001))


def test_a_program_of_python_draws_tqdm(tmp_path: Path) -> None:
    """A bar that any program draws on stderr, as tqdm does, becomes done, total and unit."""
    program = "import sys; sys.stderr.write('\\rload:  50%|#    | 1/2 [00:00<00:00, 1.0page/s]\\n')"
    ctx = Context()
    run_command(ctx, [sys.executable, "-c", program])
    assert ctx.reported == [{"done": 1, "total": 2, "unit": "page", "message": "load"}]
