"""`headway rollback`: shows what would be undone, asks, and hands it to a job of its own."""

from __future__ import annotations

import pytest

import headway
from headway import Context, Headway, Job
from headway.store import claiming
from tests.cli.command import Cli

BROKEN: set[str] = set()


@headway.job("cli.undo")
def undo(ctx: Context, name: str) -> None:
    """Undoes what a test has made."""
    if name in BROKEN:
        raise OSError(f"{name} is in use")


@headway.job("cli.make")
def make(ctx: Context) -> None:
    """Makes three things, each in a step."""
    for name in ("disk", "net", "vm"):
        ctx.step(f"make {name}", lambda name=name: ctx.undo(undo, {"name": name}))


@pytest.fixture
def made(hw: Headway) -> Job:
    """Job 1, which has made three things."""
    BROKEN.clear()
    job = hw.submit(make)
    hw.work_until_idle()
    return job


LINES = (
    '    3  cli.undo {"name": "vm"}  in make vm\n'
    '    2  cli.undo {"name": "net"}  in make net\n'
    '    1  cli.undo {"name": "disk"}  in make disk\n'
)


def test_a_preview_lists_what_would_be_undone_in_order(cli: Cli, hw: Headway, made: Job) -> None:
    """S0.44: --dry-run changes nothing; --to-step keeps what was made before."""
    done = cli("rollback", "1", "--dry-run")
    assert (done.returncode, done.stdout) == (0, f"1 completed, would undo 3  cli.make  (dry run)\n{LINES}")
    assert cli("rollback", "1", "--dry-run", "--to-step", "make net").stdout.count("cli.undo") == 1
    (result,) = cli.json("rollback", "1", "--dry-run")["results"]
    assert [undo["position"] for undo in result["undos"]] == [3, 2, 1]
    assert hw.get(made).state == "completed"


def test_a_rollback_shows_the_list_and_asks(cli: Cli, hw: Headway, made: Job) -> None:
    """No answer but yes begins it; the line names the job that does it."""
    for answer, code, state in (("n", 130, "completed"), ("y", 0, "rolling_back")):
        terminal = cli.terminal("rollback", "1", "--reason", "wrong host")
        assert "make vm" in terminal.until("Undo that")
        terminal.press(f"{answer}\n")
        assert terminal.end() == code
        assert hw.get(made).state == state
        assert ("rolling_back, by job 2" in terminal.drawn) == (answer == "y")
    assert next(event for event in hw.events(made) if event.name == "rollback").data["reason"] == "wrong host"


def test_where_nobody_can_be_asked_y_is_needed(cli: Cli, hw: Headway, made: Job) -> None:
    """Without a terminal it is refused, unless -y says that nobody need be asked."""
    done = cli("rollback", "1")
    assert (done.returncode, hw.get(made).state) == (2, "completed")
    assert "add -y" in done.stderr
    done = cli("rollback", "1", "-y")
    assert (done.returncode, done.stdout) == (0, "1 completed → rolling_back, by job 2  cli.make\n")


def test_a_job_that_is_not_there_needs_no_y(cli: Cli, hw: Headway, made: Job) -> None:
    """What can not be rolled back is refused as that, before anybody would have to be asked."""
    hw.submit("gate")
    assert cli("rollback", "17").returncode == cli("show", "17").returncode
    for words in (("17",), ("2",), ("17", "2")):
        done, sure = cli("rollback", *words), cli("rollback", *words, "-y")
        assert (done.returncode, done.stderr) == (sure.returncode, sure.stderr), words
        assert "add -y" not in done.stderr


def test_a_dry_run_is_refused_as_the_rollback_is(cli: Cli, hw: Headway) -> None:
    """A job that is not over yet would undo nothing: the same job, the same code, with or without --dry-run."""
    hw.submit("gate")
    done, dry = cli("rollback", "1", "-y"), cli("rollback", "1", "--dry-run")
    assert (done.returncode, dry.returncode, dry.stdout) == (1, 1, ""), dry
    assert "pending and can not be rolled back" in done.stderr
    assert "pending and can not be rolled back" in dry.stderr


def test_a_rollback_can_be_followed(cli: Cli, hw: Headway, made: Job) -> None:
    """--follow ends with the code of the rollback job."""
    BROKEN.add("net")
    with hw.worker(slots=1):
        assert cli("rollback", "1", "-y", "--follow").returncode == 3
        BROKEN.clear()
        assert cli("rollback", "1", "-y", "--follow").returncode == 0
    assert hw.get(made).state == "rolled_back"


def test_show_lists_undos_and_who_runs_them(cli: Cli, hw: Headway, made: Job) -> None:
    """S4.25, S4.26: each job names the other; an undo that failed says why."""
    BROKEN.add("net")
    rollback = hw.rollback(made)
    hw.work_until_idle()
    shown = cli("show", "1").stdout
    assert "rolled back by job 2, failed" in shown
    assert '2  cli.undo {"name": "net"}  in make net  failed: OSError: net is in use' in shown
    assert '3  cli.undo {"name": "vm"}  in make vm  done' in shown
    assert cli.json("show", "1")["next"] == ["headway rollback 1", "headway restart 1"]
    shown_rollback = cli.json("show", "2")
    assert (shown_rollback["job"]["rollback_of"], shown_rollback["next"]) == (made.id, ["headway rollback 1"])
    assert rollback.number == 2


def test_a_rollback_in_part_is_shown_everywhere(cli: Cli, hw: Headway, made: Job) -> None:
    """ls, tree and show tell a job that is rolled back down to a step from one that is so in whole."""
    hw.rollback(made, to_step="make disk")
    hw.work_until_idle()
    for verb in ("ls", "tree", "show"):
        assert "↩ rolled back in part" in cli(verb, *(["1"] if verb != "ls" else [])).stdout
    assert "in part: down to step 'make disk'; 1 undo stands" in cli("show", "1").stdout


def test_a_job_and_its_rollback_are_told_together(cli: Cli, hw: Headway, made: Job) -> None:
    """S4.26: tree names the rollback of a job, show the original by its number, and ls calls a rollback what it is."""
    hw.rollback(made)
    hw.work_until_idle()
    assert "rolled back by 2 (completed)" in cli("tree", "1").stdout
    assert "rollback of    job 1, rolled_back" in cli("show", "2").stdout
    assert "rollback: cli.undo" in cli("ls").stdout


def test_what_is_asked_about_is_what_is_done(cli: Cli, hw: Headway, made: Job) -> None:
    """--to-step: the list before the question leaves out what is kept, and so does the rollback."""
    terminal = cli.terminal("rollback", "1", "--to-step", "make net")
    asked = terminal.until("Undo that")
    assert [name in asked for name in ("make disk", "in make net", "in make vm")] == [False, False, True]
    terminal.press("y\n")
    assert terminal.end() == 0
    hw.work_until_idle()
    assert [undo.state for undo in hw.undos(made)] == ["recorded", "recorded", "done"]


def test_a_query_rolls_back_what_can_be(cli: Cli, hw: Headway, made: Job) -> None:
    """--query leaves out jobs that have nothing to be undone, and takes every one that has."""
    hw.cancel(hw.submit(make))
    again = hw.submit(make)
    hw.work_until_idle()
    done = cli("rollback", "--query", "type:cli.make", "-y")
    assert (done.returncode, "skipped" in done.stderr) == (0, False)
    assert {hw.get(job).state for job in (made, again)} == {"rolling_back"}
    assert hw.get(2).state == "cancelled"


def test_what_can_not_be_rolled_back_is_told(cli: Cli, hw: Headway, made: Job) -> None:
    """A job without undos, an unknown step, and a rollback job are refused with the reason."""
    hw.submit("gate")
    assert "can not be rolled back" in cli("rollback", "2", "-y").stderr
    done = cli("rollback", "1", "-y", "--to-step", "make tea")
    assert (done.returncode, "it has run make disk, make net, make vm" in done.stderr) == (2, True)


def test_a_rollback_that_nobody_can_run_says_so(cli: Cli, hw: Headway) -> None:
    """It waits for a worker that has the first undo's type, and the line that follows it is named."""
    claiming.enlist(
        hw._database, "gone", 1, (), [{"type": "nobody.has", "recover": True, "timeout_s": None, "keep_s": None}]
    )
    claiming.dismiss(hw._database, "gone")
    with hw.tracked("make", show=False) as ctx:
        ctx.undo("nobody.has", {"name": "disk"})
    done = cli("rollback", "1", "-y")
    assert (done.returncode, "waits for a worker that has 'nobody.has'" in done.stderr) == (0, True), done
    assert "Follow: headway watch 2" in done.stderr
