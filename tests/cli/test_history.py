"""`headway logs`, `headway events` and `headway wait`."""

from __future__ import annotations

from datetime import UTC, datetime

import msgspec
import pytest

import headway
from headway import Context, Headway
from headway.cli import wording
from tests.cli.command import Cli


@pytest.fixture
def logged(hw: Headway) -> Headway:
    """A failed job with lines of several levels, from two steps."""
    with pytest.raises(ValueError, match="broke"):
        _fail(hw)
    return hw


def _fail(hw: Headway) -> None:
    with hw.tracked("block", show=False) as ctx:
        ctx.log("one")
        ctx.step("load", lambda: ctx.log("in load"))
        ctx.warn("careful")
        ctx.log("bad\x1b[31m", level="error")
        ctx.step("save", _save, ctx)


def _save(ctx: Context) -> None:
    ctx.log("in save")
    raise ValueError("broke")


@pytest.mark.parametrize(
    ("options", "lines"),
    [
        ([], ["one", "load: in load", "WARNING careful", "ERROR bad[31m", "save: in save"]),
        (["--tail", "1"], ["save: in save"]),
        (["--level", "warning"], ["WARNING careful", "ERROR bad[31m"]),
        (["--grep", "^in"], ["load: in load", "save: in save"]),
        (["--failed", "--grep", "bad|in"], ["ERROR bad[31m", "save: in save"]),
        (["--since", "1h", "--tail", "1"], ["save: in save"]),
        (["--since", "2100-01-01"], []),
        (["-f", "--tail", "1"], ["save: in save"]),
    ],
)
def test_logs_are_chosen(cli: Cli, logged: Headway, options: list[str], lines: list[str]) -> None:
    """The log with its steps and levels, and each way to choose from it; no escape codes."""
    assert cli("logs", "1", *options).stdout.splitlines() == lines


def test_the_lines_of_a_failure_tell_its_error(cli: Cli, hw: Headway) -> None:
    """--failed ends with the error of each attempt that failed and where it was, also outside of every step."""

    @headway.job("history.broken", recover=False)
    def broken(ctx: Context) -> None:
        ctx.log("before")
        raise ValueError("no such table:\nusers")

    hw.submit(broken)
    hw.work_until_idle()
    said = cli("logs", "1", "--failed").stdout.splitlines()
    assert said[:2] == ["ERROR ValueError: no such table:", "ERROR users"]
    assert any("test_history.py" in line and "in broken" in line for line in said[2:])
    assert "before" not in said
    told = cli.json("logs", "1", "--failed")["logs"]
    assert [event["data"]["error"]["message"] for event in told] == ["ValueError: no such table:\nusers"]
    assert cli("logs", "1").stdout == "before\n"


def test_following_a_log_ends_with_the_job(cli: Cli) -> None:
    """logs -f prints lines as they come, each once, and ends when the job does."""
    running = cli.start("run", "--", "cat")
    assert running.stdin is not None
    running.stdin.write(b"first\n")
    running.stdin.flush()
    assert running.stdout is not None
    running.stdout.readline()
    following = cli.start("logs", "1", "-f")
    assert following.stdout is not None
    assert following.stdout.readline() == b"first\n"
    running.communicate(b"second\n")
    assert following.communicate()[0] == b"second\n"
    assert following.returncode == 0


@pytest.mark.parametrize(("verb", "drawn"), [("logs", "first"), ("events", "submit")])
def test_ctrl_c_leaves_a_followed_history(cli: Cli, verb: str, drawn: str) -> None:
    """Ctrl-C ends logs -f and events -f with 130, says how to come back, and leaves the job running."""
    running = cli.start("run", "--", "sh", "-c", "echo first; exec cat")
    assert running.stdout is not None
    running.stdout.readline()
    terminal = cli.terminal(verb, "1", "-f")
    terminal.until(drawn)
    terminal.press("\x03")
    terminal.until(f"Reattach: headway {verb} -f 1")
    assert terminal.end() == 130
    running.communicate()
    assert running.returncode == 0


def test_events_tell_who_did_what_and_why(cli: Cli, hw: Headway) -> None:
    """Each event has its number, the move and its reason."""
    hw.cancel(hw.submit("gate"), reason="not needed")
    submitted, cancelled = cli("events", "1").stdout.splitlines()
    assert submitted.split()[0] == "1"
    assert "pending → cancelled" in cancelled
    assert "reason=not needed" in cancelled


def test_wait_prints_a_line_for_each_change(cli: Cli, hw: Headway) -> None:
    """wait says each move, and for whom a job waits."""
    hw.submit("gate")
    waiting = cli.start("wait", "1", "--for", "cancelled")
    assert waiting.stdout is not None
    assert waiting.stdout.readline() == b"1 pending  gate\n"
    hw.cancel(1)
    out, err = waiting.communicate()
    assert (out, waiting.returncode) == (b"1 pending \xe2\x86\x92 cancelled  gate\n", 0)
    assert b"waits for a worker that has 'gate'" in err


@pytest.mark.parametrize(("goal", "code"), [("step=go", 0), ("step=nothing", 1), ("running", 1), ("done", 0)])
def test_wait_for_something_else(cli: Cli, working: Headway, goal: str, code: int) -> None:
    """wait --for a state or a step; a job that ended without getting there gives 1."""
    gate = cli.home / "open"
    job = working.submit("gate", {"path": str(gate)})
    gate.touch()
    working.wait(job)
    assert cli("wait", str(job.number), "--for", goal).returncode == code


def test_wait_for_a_state_ends_when_it_is_there(cli: Cli, working: Headway) -> None:
    """Not before: a pause that was only asked for is none."""
    job = working.submit("gate", {"path": str(cli.home / "never")})
    next(event for event in working.watch(job) if event.kind == "step")
    waiting = cli.start("wait", "1", "--for", "paused")
    assert waiting.stdout is not None
    assert waiting.stdout.readline() == b"1 running  gate\n"
    working.pause(job)
    out, _ = waiting.communicate()
    assert (waiting.returncode, out.decode().splitlines()[-1].split(" → ")[-1]) == (0, "paused  gate")


def test_a_step_that_never_ended_is_not_reached(cli: Cli, working: Headway) -> None:
    """wait --for step=NAME: a step that was planned or begun, and is not over when the job is, gives the job's code."""
    job = working.submit("gate", {"path": str(cli.home / "never")})
    next(event for event in working.watch(job) if event.kind == "step")
    working.cancel(job)
    for step in ("wait", "go"):
        assert cli("wait", str(job.number), "--for", f"step={step}").returncode == 5


def test_wait_knows_its_goals(cli: Cli, hw: Headway) -> None:
    """A goal that is none is refused."""
    hw.submit("gate")
    assert cli("wait", "1", "--for", "finished").returncode == 2


def test_show_ends_with_the_frames_of_the_job(logged: Headway, cli: Cli) -> None:
    """What broke is in sight, from the beginning of a frame, without the frames of Headway."""
    shown = cli("show", "1").stdout.splitlines()
    begin = shown.index("Error")
    assert shown[begin + 1] == "  ValueError: broke"
    assert "in _fail" in shown[begin + 2]
    assert shown[begin + 5].strip() == 'raise ValueError("broke")'
    assert shown[begin + 2].strip().startswith(f'File "{__file__}"')


def test_times_are_those_of_the_machine(cli: Cli, hw: Headway) -> None:
    """When a job is tried again, and until when a mark holds, is told as the local time, not as a number or in UTC."""
    (cli.home / "flaky.py").write_text(
        "import headway\n@headway.job('flaky', retries=1)\ndef flaky(ctx):\n    raise ValueError\n"
    )
    job = hw.submit("flaky")
    cli.start("worker", "--import", "flaky.py")
    backed_off = next(event for event in hw.watch(job) if event.name == "back_off")
    assert (
        f"due_at={wording.local(datetime.fromtimestamp(backed_off.data['due_at'], UTC))}" in cli("events", "1").stdout
    )
    told = msgspec.structs.replace(hw.get(job), marks={"unconfirmed": "until 2026-05-01T12:00:00+00:00 it may work"})
    assert wording.marks(told) == [
        f"unconfirmed until {wording.local(datetime(2026, 5, 1, 12, tzinfo=UTC))} it may work"
    ]
