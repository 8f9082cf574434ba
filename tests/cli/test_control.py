"""`headway pause|resume|cancel|retry`, and `headway restart`: one move for one job or many."""

from __future__ import annotations

from pathlib import Path

import pytest

import headway
from headway import Headway, Secret
from tests.cli.command import Cli


def test_each_job_says_what_became_of_it(each_cli: Cli) -> None:
    """One line per job: the state before and after."""
    with Headway(each_cli.url) as hw:
        for _ in range(2):
            hw.submit("gate")
        done = each_cli("pause", "1", "2", "--reason", "lunch")
        assert done.stdout == "1 pending → paused  gate\n2 pending → paused  gate\n"
        assert each_cli("resume", "1").stdout == "1 paused → pending  gate\n"
        (asked,) = [event for event in hw.events(1) if event.name == "pause"]
        assert (asked.data["reason"], asked.data["via"]) == ("lunch", "cli")


def test_asking_again_is_no_error(cli: Cli, hw: Headway) -> None:
    """A pause of a paused job changes nothing and ends with 0."""
    hw.pause(hw.submit("gate"))
    done = cli("pause", "1")
    assert (done.returncode, done.stdout) == (0, "1 paused already  gate\n")


def test_a_bulk_that_is_partly_done_is_8(cli: Cli, hw: Headway) -> None:
    """Where some could and some could not: those that could not are named with the reason, and the code is 8."""
    hw.submit("gate")
    hw.cancel(hw.submit("gate"))
    done = cli("pause", "1", "2", "nobody")
    assert (done.returncode, hw.get(1).state) == (8, "paused")
    assert "2  skipped: Job 2 (gate) is cancelled" in done.stderr
    assert "nobody  skipped: No job answers" in done.stderr


def test_a_query_asks_first(cli: Cli, hw: Headway) -> None:
    """--query shows what matches and asks; no answer but yes changes anything."""
    hw.submit_many("gate", [{}] * 3)
    for answer, state, code in (("n", "pending", 130), ("y", "cancelled", 0)):
        terminal = cli.terminal("cancel", "--query", "type:gate")
        terminal.until("Cancel 3 jobs")
        terminal.press(f"{answer}\n")
        assert terminal.end() == code
        assert {job.state for job in hw.jobs()} == {state}


def test_a_query_without_a_terminal_needs_y(cli: Cli, hw: Headway) -> None:
    """Where nobody can be asked, --query is refused unless -y is given; jobs that can not do it are left out."""
    hw.submit("gate")
    hw.cancel(hw.submit("gate"))
    assert cli("cancel", "--query", "type:gate").returncode == 2
    assert hw.get(1).state == "pending"
    done = cli("cancel", "--query", "type:gate", "-y")
    assert (done.returncode, done.stdout) == (0, "1 pending → cancelled  gate\n")


@pytest.mark.parametrize(
    ("verb", "told"), [("cancel", "cancelled"), ("retry", "tried again"), ("rollback", "rolled back"),
                       ("delete", "deleted"), ("restart", "restarted")],
)  # fmt: skip
def test_a_query_that_means_no_job_says_so(cli: Cli, hw: Headway, verb: str, told: str) -> None:
    """In a sentence about what is done to a job, not about what a job does."""
    assert f"No job that can be {told} matches 'state:paused'." in cli(verb, "--query", "state:paused").stderr


def test_ids_or_a_query_but_not_neither(cli: Cli) -> None:
    """Neither ids nor a query, or both, is refused: nothing is cancelled by accident."""
    assert cli("cancel").returncode == 2
    assert cli("cancel", "1", "--query", "x").returncode == 2


def test_a_dry_run_changes_nothing(cli: Cli, hw: Headway) -> None:
    """--dry-run says what would become of each job."""
    hw.submit("gate")
    assert cli("cancel", "1", "--dry-run").stdout == "1 pending → cancelled  gate  (dry run)\n"
    assert cli("retry", "1", "--dry-run").returncode == 1
    assert hw.get(1).state == "pending"


def test_only_spares_the_children(cli: Cli, hw: Headway) -> None:
    """A pause reaches the tree; with --only it is this job alone."""
    parent = hw.submit("gate")
    child = hw.submit("gate", parent=parent)
    cli("pause", str(parent.number), "--only")
    assert hw.get(child).state == "pending"
    cli("resume", str(parent.number))
    cli("pause", str(parent.number))
    assert hw.get(child).state == "paused"


def test_retry_and_restart(cli: Cli, working: Headway) -> None:
    """Retry sends a failed job back to the queue; restart makes a new one of it."""
    job = working.submit("broken")
    working.wait(job)
    assert cli("retry", str(job.number)).stdout == f"{job.number} failed → pending  broken\n"
    assert cli("restart", str(job.number)).stdout == f"{job.number} → new job {job.number + 1}  broken\n"
    assert working.get(job.number + 1).restarted_from == job.id
    assert f"restarted as   job {job.number + 1}, " in cli("show", str(job.number)).stdout
    assert cli.json("ls", f"restarted_from:{job.number}")["jobs"][0]["number"] == job.number + 1


def test_a_restart_changes_single_values_of_the_input(each_cli: Cli) -> None:
    """`headway restart ID key=text key:=json`: what is not given stays as it was, in each of the jobs."""
    with Headway(each_cli.url) as hw:
        for vm in ("a", "b"):
            hw.cancel(hw.submit("gate", {"vm": vm, "disks": 3, "password": Secret.env("GATE")}))
        done = each_cli("restart", "1", "2", "vm=pg1", "live:=true")
        assert done.stdout == "1 → new job 3  gate\n2 → new job 4  gate\n"
        given = {"vm": "pg1", "disks": 3, "live": True, "password": {"$secret": {"env": "GATE"}}}
        assert [hw.get(one).input for one in (3, 4)] == [given, given]


def test_a_restart_takes_all_of_another_input(cli: Cli, hw: Headway, tmp_path: Path) -> None:
    """--input FILE: nothing of the old one's stays."""
    hw.submit("gate", {"vm": "a", "disks": 3})
    (tmp_path / "input.json").write_text('{"vm": "pg1"}')
    assert cli("restart", "1", "--input", str(tmp_path / "input.json")).returncode == 0
    assert hw.get(2).input == {"vm": "pg1"}


def test_the_first_word_of_a_restart_is_an_id(cli: Cli, hw: Headway) -> None:
    """An id may look like a value; behind the first one it is written external:..."""
    hw.submit("gate", external_id="batch=1")
    hw.submit("gate", external_id="batch=2")
    assert cli("restart", "batch=1", "external:batch=2").stdout == "1 → new job 3  gate\n2 → new job 4  gate\n"


def test_show_offers_another_input_where_that_is_to_blame(cli: Cli, hw: Headway) -> None:
    """A job that failed for its input is to be restarted with another one; retry comes last."""

    @headway.job("control.missing", recover=False)
    def missing(ctx: headway.Context) -> None:
        raise FileNotFoundError("/srv/www")

    hw.submit(missing)
    hw.work_until_idle()
    assert "Next: headway restart 1 KEY=VALUE · headway retry 1\n" in cli("show", "1").stderr


def test_show_offers_no_retry_of_an_input_that_does_not_fit(cli: Cli, hw: Headway) -> None:
    """The same input ends the same way, whatever else is put right: only another one is offered."""
    hw.submit("control.counted", {"count": "many"})

    @headway.job("control.counted")
    def counted(ctx: headway.Context, count: int) -> None: ...

    hw.work_until_idle()
    assert "Next: headway restart 1 KEY=VALUE\n" in cli("show", "1").stderr
