"""`headway watch`: a live block on a terminal, plain lines elsewhere."""

from __future__ import annotations

from pathlib import Path

import pytest

from headway import Headway
from tests.cli.command import Cli

OSC = "\x1b]9;4;"
CLEARED = f"{OSC}0;0\x1b\\"


@pytest.fixture
def gate(tmp_path: Path) -> Path:
    """The file that lets a job of the type gate go on."""
    return tmp_path / "gate"


def test_ap36_ctrl_c_detaches(cli: Cli, working: Headway, gate: Path) -> None:
    """Ctrl-C leaves the job running, says how to come back and how to stop it, and ends with 130."""
    job = working.submit("gate", {"path": str(gate)})
    terminal = cli.terminal("watch", str(job.number))
    terminal.until("step 1/2 wait")
    terminal.press("\x03")
    terminal.until(f"Still running. Reattach: headway watch {job.number} · Stop: headway cancel {job.number}")
    assert terminal.end() == 130
    assert working.get(job).state == "running"


def test_ap36_coming_back_shows_the_same_job(cli: Cli, working: Headway, gate: Path) -> None:
    """Watched again after a detach, the job is shown where it is, to its end."""
    job = working.submit("gate", {"path": str(gate)})
    first = cli.terminal("watch", str(job.number))
    first.until("step 1/2")
    first.press("\x03")
    first.end()
    again = cli.terminal("watch", str(job.number))
    again.until("step 1/2")
    gate.touch()
    again.until("✔ gate  completed")
    assert again.end() == 0


@pytest.mark.parametrize("leave", ["\x03", None])
def test_ap36_the_progress_of_the_terminal_is_cleared(
    cli: Cli, working: Headway, gate: Path, leave: str | None
) -> None:
    """OSC 9;4 is written where the terminal knows it, and is cleared at the end, by Ctrl-C and by SIGTERM."""
    job = working.submit("gate", {"path": str(gate)})
    terminal = cli.terminal("watch", str(job.number), env={"WT_SESSION": "x"})
    terminal.until(OSC)
    terminal.press(leave) if leave else terminal.process.terminate()
    terminal.until(CLEARED)
    assert terminal.end() == (130 if leave else 143)
    assert terminal.drawn.rpartition(OSC)[2].startswith("0;0")


def test_ap36_no_progress_for_an_unknown_terminal(cli: Cli, working: Headway) -> None:
    """A terminal that is not known to understand OSC 9;4, or where it is switched off, gets none."""
    job = working.submit("quick")
    for env in ({}, {"WT_SESSION": "x", "HEADWAY_TERMINAL_PROGRESS": "0"}):
        terminal = cli.terminal("watch", str(job.number), env=env)
        terminal.end()
        assert OSC not in terminal.drawn


def test_ap38_no_escape_codes_in_a_pipe(cli: Cli, working: Headway, gate: Path) -> None:
    """`headway watch | cat` prints plain lines, one for each step and the end."""
    gate.touch()
    job = working.submit("gate", {"path": str(gate)})
    done = cli("watch", str(job.number))
    assert "\x1b" not in done.stdout + done.stderr
    assert done.stdout.splitlines()[-1].startswith(f"{job.number} ✔ gate  completed")


def test_ap38_no_escape_codes_on_a_dumb_terminal(cli: Cli, working: Headway, gate: Path) -> None:
    """TERM=dumb gets plain lines as well."""
    job = working.submit("gate", {"path": str(gate)})
    terminal = cli.terminal("watch", str(job.number), env={"TERM": "dumb"})
    terminal.until("step 1/2 wait")
    gate.touch()
    assert terminal.end() == 0
    assert "\x1b" not in terminal.drawn
    assert "\r" not in terminal.drawn.replace("\r\n", "\n")


def test_ap38_no_color_is_honoured(cli: Cli, working: Headway) -> None:
    """NO_COLOR takes the colours away, and --color always brings them back."""
    job = working.submit("quick")
    working.wait(job)
    plain = cli.terminal("watch", str(job.number), env={"NO_COLOR": "1"})
    plain.end()
    assert "\x1b[32m" not in plain.drawn
    coloured = cli.terminal("watch", str(job.number), "--color", "always", env={"NO_COLOR": "1"})
    coloured.end()
    assert "\x1b[32m" in coloured.drawn


def test_many_jobs_have_a_line_each_and_a_root_line(cli: Cli, working: Headway, gate: Path) -> None:
    """Several jobs: a count of those that ended, a line per active one; an ended one leaves a last line behind."""
    slow = working.submit("gate", {"path": str(gate)}, name="slow")
    quick = working.submit("quick", name="fast")
    terminal = cli.terminal("watch", str(slow.number), str(quick.number))
    terminal.until("✔ fast  completed")
    terminal.until("(1/2)")
    gate.touch()
    terminal.until("✔ slow  completed")
    assert terminal.end() == 0


def test_without_ids_all_active_jobs_are_watched(cli: Cli, working: Headway, gate: Path) -> None:
    """`headway watch` alone follows what is active now to its end, and nothing else; where nothing is, it says so and
    ends with 0.
    """
    working.wait(working.submit("quick"))
    idle = cli("watch")
    assert (idle.returncode, idle.stdout, "Nothing is active" in idle.stderr) == (0, "", True)
    jobs = [working.submit("gate", {"path": str(gate)}) for _ in range(2)]
    watching = cli.start("watch")
    assert watching.stdout is not None
    first = watching.stdout.readline()  # it follows them
    gate.touch()
    lines = (first + watching.communicate()[0]).decode().splitlines()
    ended = sorted(line.split("  ")[0] for line in lines if "  completed" in line)
    assert (watching.returncode, ended) == (0, [f"{job.number} ✔ gate" for job in jobs])
    assert {line.split()[0] for line in lines} == {str(job.number) for job in jobs}


def test_a_waiting_job_says_for_whom(cli: Cli, hw: Headway) -> None:
    """A job whose type no worker has is shown with what it waits for."""
    terminal = cli.terminal("watch", str(hw.submit("gate").number))
    terminal.until("waits for a worker that has 'gate'")
    terminal.press("\x03")
    assert terminal.end() == 130


def test_a_lost_job_is_seen_by_whoever_watches(each_cli: Cli) -> None:
    """The process of a job is killed while nobody but a watcher has the database open: the watcher sees it."""
    running = each_cli.start("run", "--", "sh", "-c", "echo ready; exec sleep 600")
    assert running.stdout is not None
    running.stdout.readline()
    watching = each_cli.start("watch", "1")
    assert watching.stdout is not None
    assert b"running" in watching.stdout.readline()
    running.kill()
    assert any(b"interrupted" in line for line in watching.stdout)  # every 30 s there is a line, whatever happens


def test_what_ended_at_once_is_told_in_one_line(cli: Cli, hw: Headway) -> None:
    """A job that is over when it is watched gets its summary and nothing else."""
    job = hw.cancel(hw.submit("gate"))
    done = cli("watch", str(job.number))
    assert done.stdout == f"{job.number} ⊘ gate  cancelled\n"


def test_sec7_job_data_does_not_steer_the_terminal(cli: Cli, hw: Headway) -> None:
    """Escape sequences in a name or an error are stripped before they are printed (SEC7)."""
    hw.cancel(hw.submit("gate", name="a\x1b]0;owned\x07b\x9b31m\u202e"))
    for words in (["watch", "1"], ["show", "1"], ["ls"], ["cancel", "1"], ["events", "1"], ["wait", "1"]):
        assert not any(sign in cli(*words).stdout for sign in "\x1b\x07\x9b\u202e"), words
