"""`headway delete|pin|unpin`: what goes for good, and what stays."""

from __future__ import annotations

from headway import Headway
from tests.cli.command import Cli


def _ended(hw: Headway, n: int = 1) -> None:
    for _ in range(n):
        hw.cancel(hw.submit("gate"))


def test_deleting_says_what_became_of_each(each_cli: Cli) -> None:
    """One line per job; what is open is refused with the reason, and the code says that it was only partly done."""
    with Headway(each_cli.url) as hw:
        _ended(hw)
        hw.submit("gate")
        done = each_cli("delete", "1", "2", "-y")
        assert (done.returncode, done.stdout) == (8, "1 cancelled → deleted  gate\n")
        assert "2  skipped: Job 2 (gate) can not be deleted: it is pending." in done.stderr
        assert [job.number for job in hw.jobs()] == [2]


def test_deleting_asks_first(cli: Cli, hw: Headway) -> None:
    """It can not be undone: each job is named, no answer but yes deletes; where nobody can be asked, -y is needed."""
    _ended(hw, 2)
    assert cli("delete", "1", "2").returncode == 2
    for answer, left in (("n", 2), ("y", 0)):
        terminal = cli.terminal("delete", "1", "2")
        assert "1 ⊘ cancelled  gate" in terminal.until("Delete 2 jobs for good")
        terminal.press(f"{answer}\n")
        terminal.end()
        assert len(hw.jobs()) == left


def test_a_query_deletes_what_can_go(cli: Cli, hw: Headway) -> None:
    """--query takes what is over and not pinned; a dry run deletes nothing."""
    _ended(hw, 3)
    hw.submit("gate")
    hw.pin(2)
    assert cli("delete", "--query", "type:gate", "--dry-run").stdout.count("→ deleted  gate  (dry run)") == 2
    assert cli("delete", "--query", "type:gate", "-y").returncode == 0
    assert [job.number for job in hw.jobs()] == [4, 2]


def test_pins_are_set_and_taken_away(cli: Cli, hw: Headway) -> None:
    """A pinned job says so, is not deleted, and can be unpinned; why is in its history."""
    _ended(hw)
    assert cli("pin", "1", "--reason", "audit").stdout == "1 not pinned → pinned  gate\n"
    assert cli("pin", "1").stdout == "1 pinned already  gate\n"
    assert "unpin it first" in cli("delete", "1", "-y").stderr
    assert "kept           pinned" in cli("show", "1").stdout
    assert cli("unpin", "1").stdout == "1 pinned → not pinned  gate\n"
    assert [event.data.get("reason") for event in hw.events(1) if event.kind == "control"] == ["audit", None]


def test_a_deleted_job_is_told_from_a_mistake(cli: Cli, hw: Headway) -> None:
    """Whoever asks for a job that was deleted, by its whole id or its number, hears that it may have been."""
    job = hw.cancel(hw.submit("gate"))
    hw.submit("gate")
    hw.delete(job)
    for any_id in (job.id, "1"):
        done = cli("show", any_id)
        assert (done.returncode, "was deleted" in done.stderr) == (6, True)


def test_show_tells_what_is_kept_of_a_job(cli: Cli, working: Headway) -> None:
    """Show has input, result, all other ids, the steps counted, and in --json the progress as every door tells it."""
    job = working.submit("quick", {"text": "hello"}, external_id={"gui": "17"})
    working.alias(job, {"gui": "18"})
    working.wait(job)
    said = cli("show", "gui:17").stdout
    assert "also           gui:17, gui:18" in said
    assert "Input\n  text: hello\nResult\n  hello\n" in said
    assert cli.json("show", "1")["progress"] == working.progress(job).to_dict()


def test_show_counts_the_steps(cli: Cli, working: Headway) -> None:
    """S4.13: the numbers of the steps are those of hw.progress."""
    (cli.home / "open").touch()
    job = working.submit("gate", {"path": str(cli.home / "open")})
    working.wait(job)
    assert "Steps  2: 2 completed\n" in cli("show", str(job.number)).stdout
    assert working.progress(job).steps.completed == 2


def test_retention_tells_what_goes(each_cli: Cli) -> None:
    """ux Settings: each rule with what goes by it, and what another rule would delete; nothing is changed."""
    with Headway(each_cli.url) as hw:
        hw.create_session("acme", keep_s=3600)
        hw.cancel(hw.submit("gate", session="acme"))
        hw.pin(hw.cancel(hw.submit("gate")))
        rules = each_cli("db", "retention").stdout
        assert "session  acme: kept for 1 h; 0 due now, 1 within a day\n" in rules
        assert "1 job pinned: kept whatever the rules say.\n" in rules
        hw.submit("gate", session="acme")
        for keep, going in (
            ("1d", "0 jobs would go at once if kept for 1 d.\n"),
            ("0.000001s", "1 job would go at once"),
        ):
            assert each_cli("db", "retention", "--keep", keep, "--session", "acme").stdout.startswith(going)
        assert each_cli("db", "retention", "--keep", "1d").returncode == 2
        assert len(hw.jobs()) == 3
