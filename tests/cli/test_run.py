"""`headway run`: any command as a job."""

from __future__ import annotations

import os
import signal
import sys
from contextlib import suppress
from pathlib import Path

import pytest

from headway import Halt, Headway, Job
from headway.cli.app import App
from headway.cli.interrupts import Interrupts
from headway.testing import Clock
from tests.cli.command import Cli, Terminal
from tests.support.processes import lives, wait_for_state

SLEEPER = ["sh", "-c", "echo pid $$; exec sleep 600"]
PATIENT = """
import functools, sys
from headway.cli import main, run
run.run_command = functools.partial(run.run_command, grace_s=3600)
sys.exit(main())
"""
"""The command, with a grace that no test waits for."""


def insist(terminal: Terminal) -> None:
    """Presses Ctrl-C again, within two seconds: who was slower is told so once more, and can press again."""
    terminal.press("\x03")
    while "Cancelling" not in terminal.until(" job 1"):
        terminal.press("\x03")


def pid_of(hw: Headway, job: Job | int | str) -> int:
    """The process id that SLEEPER has printed into its log."""
    lines = (event.data.get("text", "") for event in hw.watch(job))
    return int(next(line for line in lines if line.startswith("pid ")).split()[1])


def test_output_passes_through_unchanged(cli: Cli) -> None:
    """What the command prints arrives byte for byte, also what is no text and has no newline at its end."""
    printed = bytes(range(256)) * 3 + b"\r50%\r100%\nlast"
    (cli.home / "data").write_bytes(printed)
    assert cli.raw("run", "--", "cat", "data") == printed


def test_the_streams_stay_apart_and_are_the_log(cli: Cli, hw: Headway) -> None:
    """Standard output goes to standard output, errors to errors, and both are in the log of the job."""
    done = cli("run", "--", "sh", "-c", "echo out; echo err >&2")
    assert (done.stdout, done.stderr) == ("out\n", "err\n")
    logged = sorted((line.data["stream"], line.data["text"]) for line in hw.logs("@last"))
    assert logged == [("stderr", "err"), ("stdout", "out")]


def test_the_exit_code_is_the_commands(cli: Cli, hw: Headway) -> None:
    """`headway run` ends with the code of its command, and the job is failed where that is not 0."""
    assert cli("run", "--", "sh", "-c", "exit 7").returncode == 7
    assert hw.get("@last").state == "failed"
    assert cli("run", "true").returncode == 0
    assert hw.get("@last").state == "completed"


def test_a_failed_command_has_no_traceback(cli: Cli, hw: Headway) -> None:
    """Its error is its exit code and its last lines: where Headway has waited for it helps nobody."""
    cli("run", "--", "sh", "-c", "echo torn >&2; exit 7")
    error = hw.get("@last").error
    assert error
    assert ("torn" in error.message, error.trace) == (True, None)
    assert "File " not in cli("show", "@last").stdout


def test_a_command_that_is_not_there_is_127(cli: Cli) -> None:
    """As in a shell, and the message names it."""
    done = cli("run", "--", "no-such-program")
    assert done.returncode == 127
    assert "no-such-program" in done.stderr


def test_input_is_passed_on(cli: Cli) -> None:
    """The command reads the standard input of `headway run`."""
    assert cli("run", "--", "tr", "a-z", "A-Z", stdin="abc").stdout == "ABC"


@pytest.mark.parametrize("how", [[], ["--detach"]])
def test_options_belong_to_the_job(cli: Cli, hw: Headway, how: list[str]) -> None:
    """Name, session, external id and labels are those of the job, whose type is command and whose input is the command,
    also where it runs apart from this terminal.
    """
    hw.create_session("acme")
    cli(
        "run", *how, "--name", "Nightly", "--session", "acme", "--external-id", "gui-17", "--label", "a=b", "--", "true"
    )
    job = hw.wait("gui-17")
    assert (job.name, job.session, job.labels) == ("Nightly", "acme", {"a": "b"})
    assert (job.type, job.input) == ("command", {"command": ["true"]})


def test_a_tracked_loop_in_the_command_joins_its_job(each_cli: Cli) -> None:
    """HEADWAY_URL, HEADWAY_JOB and HEADWAY_ATTEMPT reach the command: its loops add to the same job."""
    code = "import headway\nfor row in headway.track(range(5), 'rows'): pass"
    assert each_cli("run", "--", sys.executable, "-c", code).returncode == 0
    (job,) = each_cli.json("ls")["jobs"]
    assert job["progress"]["done"] == 5


def test_a_progress_regex_moves_the_progress(cli: Cli, hw: Headway) -> None:
    """--progress-regex reads done and total out of what the command prints."""
    cli("run", "--progress-regex", r"(?P<done>\d+) of (?P<total>\d+)", "--", "echo", "3 of 4")
    progress = hw.get("@last").progress
    assert progress is not None
    assert (progress.done, progress.total) == (3, 4)


def test_pause_stops_the_processes_and_resume_continues_them(each_cli: Cli) -> None:
    """`headway pause` from elsewhere suspends each process of the command; resume lets them go on; cancel ends them."""
    running = each_cli.start("run", "--", "sh", "-c", "sleep 600 & echo pids $$ $!; wait")
    assert running.stdout is not None
    pids = [int(pid) for pid in running.stdout.readline().split()[1:]]
    assert each_cli("pause", "1").stdout.startswith("1 running → pausing")
    for pid in pids:
        wait_for_state(pid, "T")
    assert each_cli("wait", "1", "--for", "paused").returncode == 0
    each_cli("resume", "1")
    for pid in pids:
        wait_for_state(pid, "SR")
    each_cli("cancel", "1")
    assert running.wait() == 5
    assert [pid for pid in pids if lives(pid)] == []


def test_the_second_ctrl_c_cancels(cli: Cli, hw: Headway) -> None:
    """The first Ctrl-C only tells; the second within two seconds cancels the job and ends its processes."""
    terminal = cli.terminal("run", "--", *SLEEPER)
    terminal.until("pid ")
    pid = pid_of(hw, 1)
    terminal.press("\x03")
    assert "Still running as job 1" in terminal.until("again within 2 s")
    assert lives(pid)
    insist(terminal)
    assert terminal.end() == 5
    assert not lives(pid)
    assert cli.json("show", "1")["job"]["state"] == "cancelled"


def test_only_a_ctrl_c_within_2_s_is_the_second(hw: Headway, capfd: pytest.CaptureFixture[str]) -> None:
    """One that comes later tells once more, and cancels nothing."""
    clock = Clock()
    app = App(url=hw.url, clock=clock)
    with suppress(Halt), hw.tracked("block", show=False) as ctx:
        interrupts = Interrupts(app, "ask")
        interrupts.install(ctx)
        try:
            for _ in range(2):
                signal.raise_signal(signal.SIGINT)
                clock.advance(2.1)
            assert capfd.readouterr().err.count("Still running as job 1") == 2
            signal.raise_signal(signal.SIGINT)
            clock.advance(1.9)
            assert hw.get(ctx.job).state == "running"
            signal.raise_signal(signal.SIGINT)
            hw.wait(ctx.job, until="cancelling", timeout_s=60)
            ctx.sleep(60)
        finally:
            interrupts.restore()
            app.hw.close()
    assert hw.get(1).state == "cancelled"


def test_the_third_ctrl_c_kills(cli: Cli) -> None:
    """A command that takes no notice of SIGTERM is killed by the third Ctrl-C, long before its grace is over."""
    deaf = "trap 'echo unmoved' TERM; echo ready; while :; do sleep 600; done"
    terminal = cli.terminal("run", "--", "sh", "-c", deaf, program=[sys.executable, "-c", PATIENT])
    terminal.until("ready")
    terminal.press("\x03")
    terminal.until("again within")
    insist(terminal)
    terminal.until("unmoved")
    terminal.press("\x03")
    assert terminal.end() == 5


def test_a_closed_terminal_leaves_the_work_running(cli: Cli, hw: Headway) -> None:
    """SIGHUP detaches: the command goes on to its end although its terminal has gone."""
    done = cli.home / "done"
    terminal = cli.terminal(
        "run", "--", "sh", "-c", f"echo ready; while ! [ -e go ]; do sleep 0.05; done; echo more; touch {done}"
    )
    terminal.until("ready")
    terminal.close()
    (cli.home / "go").touch()
    assert hw.wait("1").state == "completed"
    assert done.exists()
    assert terminal.process.wait() == 0


def test_sigterm_leaves_the_job_interrupted(cli: Cli, hw: Headway) -> None:
    """A process manager that ends `headway run` ends the command; the job can be resumed."""
    running = cli.start("run", "--external-id", "nightly", "--", *SLEEPER)
    pid = pid_of(hw, "nightly") if _began(hw) else 0
    running.terminate()
    assert running.wait() == 143
    assert (hw.get("nightly").state, lives(pid)) == ("interrupted", False)
    assert cli("run", "--external-id", "nightly", "--", "true").returncode == 0
    assert (hw.get("nightly").attempt, hw.get("nightly").state) == (2, "completed")


def test_detached_work_survives_its_terminal(each_cli: Cli) -> None:
    """--detach returns once the job is stored, says how to watch it, and closing the terminal changes nothing."""
    terminal = each_cli.terminal("run", "--detach", "--", "sh", "-c", "while ! [ -e go ]; do sleep 0.05; done")
    said = terminal.until("headway watch 1")
    assert each_cli.json("show", "1")["job"]["id"] in said + terminal.drawn
    assert terminal.end() == 0
    terminal.close()
    (each_cli.home / "go").touch()
    assert each_cli("wait", "1").returncode == 0


def test_a_killed_supervisor_ends_the_command(cli: Cli, hw: Headway) -> None:
    """kill -9 of the process behind --detach ends the command, and the job is interrupted."""
    cli("run", "--detach", "--", *SLEEPER)
    pid = pid_of(hw, 1)
    supervisor = int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1])
    os.kill(supervisor, signal.SIGKILL)
    assert hw.wait(1, until="interrupted").state == "interrupted"
    wait_for_end(pid)


def test_a_detached_start_that_fails_says_why(cli: Cli) -> None:
    """--detach of a job that is running already is refused with the reason; of a program that is not there, 127."""
    running = cli.start("run", "--external-id", "one", "--", "sh", "-c", "echo ready; exec sleep 600")
    assert running.stdout is not None
    running.stdout.readline()
    refused = cli("run", "--detach", "--external-id", "one", "--", "true")
    assert refused.returncode == 1
    assert "is running already as job 1" in refused.stderr
    assert cli("run", "--detach", "--", "no-such-program").returncode == 127


def test_on_interrupt_detach_leaves_it_running(cli: Cli, hw: Headway) -> None:
    """With --on-interrupt=detach one Ctrl-C gives the terminal back, and the command goes on."""
    terminal = cli.terminal("run", "--on-interrupt=detach", "--", *SLEEPER)
    terminal.until("pid ")
    terminal.press("\x03")
    terminal.until("headway watch 1")
    assert terminal.process.wait() == 130
    assert lives(pid_of(hw, 1))
    hw.cancel(1)
    hw.wait(1)


def test_on_interrupt_cancel_needs_one_ctrl_c(cli: Cli, hw: Headway) -> None:
    """With --on-interrupt=cancel the first Ctrl-C cancels the job and ends its processes."""
    terminal = cli.terminal("run", "--on-interrupt=cancel", "--", *SLEEPER)
    terminal.until("pid ")
    pid = pid_of(hw, 1)
    terminal.press("\x03")
    assert terminal.end() == 5
    assert (hw.get(1).state, lives(pid)) == ("cancelled", False)


@pytest.mark.parametrize("how", [[], ["--detach"]])
def test_a_command_runs_in_the_folder_that_is_named(cli: Cli, hw: Headway, how: list[str]) -> None:
    """--cwd, also where it runs apart from this terminal."""
    (cli.home / "there").mkdir()
    cli("run", *how, "--cwd", "there", "--external-id", "one", "--", "pwd")
    hw.wait("one")
    assert [line.data["text"] for line in hw.logs("one")] == [str(cli.home / "there")]


@pytest.mark.parametrize("words", [["run"], ["run", "--"], ["run", "--label", "x", "--", "true"]])
def test_a_run_that_is_not_understood_is_refused(cli: Cli, words: list[str]) -> None:
    """Without a command, or with a label that is none, nothing is begun and the exit code is 2."""
    assert cli(*words).returncode == 2


def wait_for_end(pid: int) -> None:
    """Waits until a process of somebody else has ended; the time limit of the test is the end."""
    while lives(pid):
        os.sched_yield()


def _began(hw: Headway) -> bool:
    """Waits until the first job is there."""
    seen = 0
    while not hw.jobs():
        seen = hw.changed(seen, 1.0)
    return True
