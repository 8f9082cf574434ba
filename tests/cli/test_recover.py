"""`headway recover`: what waits for a person, and sending it on."""

from __future__ import annotations

import json

import headway
from headway import Context, Headway
from headway.store import claiming
from headway.store.moving import Change, apply
from tests.cli.command import Cli


def interrupted(hw: Headway, *, checkpoint: bool) -> int:
    """A job whose worker was shut down; with something to go on from, or without."""
    job = hw.submit("recover.me", queue="q")
    (row,) = claiming.claim(hw._database, "w1", [("q", "recover.me")], 1)
    leave = Change(job=job.id, actor="runner", move="leave", why={"why": "shutdown"})
    state = {"tenant": 0, "job": job.id, "kind": "state", "name": "", "value": "{}", "attempt": 1, "saved_at": hw.now()}
    hw._database.write(lambda transaction: transaction.each("save_checkpoints", [state] * checkpoint))
    hw._database.write(lambda transaction: apply(transaction, [leave], hw.now()))
    return row.number


def enlist(hw: Headway) -> None:
    """A worker that has the type."""
    row: claiming.JobTypeRow = {"type": "recover.me", "recover": False, "timeout_s": None, "keep_s": None}
    claiming.enlist(hw._database, "w-recover", 1, ["q"], [row])


def test_it_lists_what_waits(each_cli: Cli) -> None:
    """Each with its cause, whether it can go on, and what would be repeated; nothing is sent on without a word."""
    with Headway(each_cli.url) as hw:
        enlist(hw)
        number = interrupted(hw, checkpoint=True)
        done = each_cli("recover")
        assert done.returncode == 0
        assert f"{number}  ↯ interrupted  recover.me  can resume: yes" in done.stdout
        assert "restart, " in done.stdout
        assert "Kept: its saved state." in done.stdout
        assert "headway recover --all-safe" in done.stderr
        assert hw.get(number).state == "interrupted"


def test_all_safe_sends_on_the_safe_ones(each_cli: Cli) -> None:
    """--all-safe resumes what can simply go on, and leaves what needs a look, what was paused and what failed."""
    with Headway(each_cli.url) as hw:
        enlist(hw)
        safe, careful = interrupted(hw, checkpoint=True), interrupted(hw, checkpoint=False)
        paused = hw.pause(hw.submit("recover.me"))
        done = each_cli("recover", "--all-safe", "--reason", "after the update")
        assert (done.returncode, done.stdout) == (0, f"{safe} interrupted → pending  recover.me\n")
        assert [hw.get(one).state for one in (safe, careful, paused)] == ["pending", "interrupted", "paused"]
        assert [event.data["reason"] for event in hw.events(safe) if event.name == "resume"] == ["after the update"]


def test_json_is_the_whole_answer(cli: Cli, hw: Headway) -> None:
    """--json: the document that the API answers; a filter narrows it."""
    number = interrupted(hw, checkpoint=False)
    told = json.loads(cli("recover", "--json").stdout)
    assert (told["schema"], told["causes"], told["jobs"][0]["job"]["number"]) == (1, {"restart": 1}, number)
    hw.create_session("acme")
    for words in (["--cause", "crash"], ["--session", "acme"]):
        assert json.loads(cli("recover", "--json", *words).stdout)["jobs"] == []
    assert len(json.loads(cli("recover", "--json", "--cause", "restart", "--session", "default").stdout)["jobs"]) == 1


def test_nothing_waits(cli: Cli) -> None:
    """Said so, with 0."""
    done = cli("recover")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "No job waits for you.\n")
    assert cli("recover", "--all-safe").returncode == 0


def test_on_a_terminal_it_asks_which(cli: Cli, hw: Headway) -> None:
    """A pick list: numbers are chosen, what is not chosen stays; a number of something else is refused."""
    enlist(hw)
    first, second = interrupted(hw, checkpoint=True), interrupted(hw, checkpoint=True)
    asked = cli.terminal("recover")
    asked.until("Send on which?")
    asked.press(f"{second}\n")
    assert asked.end() == 0
    assert [hw.get(one).state for one in (first, second)] == ["interrupted", "pending"]
    wrong = cli.terminal("recover")
    wrong.until("Send on which?")
    wrong.press("4711\n")
    assert wrong.end() == 2
    assert "none of those" in wrong.drawn


def test_a_rule_is_made_listed_and_taken_back(each_cli: Cli) -> None:
    """--always, --rules and --never: a durable rule for a type, with who made it and why."""
    with Headway(each_cli.url) as hw:
        made = each_cli("recover", "--always", "recover.me", "--reason", "its steps can be repeated")
        assert made.stdout.startswith("recover.me  by ")
        assert made.stdout.endswith(": its steps can be repeated\n")
        assert [rule.type for rule in hw.recovery_rules()] == ["recover.me"]
        assert each_cli("recover", "--rules").stdout.startswith("recover.me  by ")
        assert each_cli("recover", "--never", "recover.me").stdout.startswith("No rule: ")
        assert each_cli("recover", "--never", "recover.me").returncode == 6


@headway.job("recover.attach")
def attach(ctx: Context) -> None:
    """An undo that fails."""
    raise OSError("the disk is locked")


@headway.job("recover.detach", recover=False)
def detach(ctx: Context) -> None:
    """A job that can be taken back."""
    ctx.step("disks", lambda: ctx.undo(attach, {}))


def test_a_failed_rollback_is_rolled_back_again(cli: Cli, hw: Headway) -> None:
    """It is listed with what can be taken back, by what was done; its number rolls it back again."""
    job = hw.submit(detach)
    hw.work_until_idle()
    hw.rollback(job)
    hw.work_until_idle()
    asked = cli.terminal("recover", "--cause", "rollback failed")
    asked.until("can be taken back: 1 effect of step disks, by recover.attach")
    asked.until("Send on which?")
    asked.press("1\n")
    assert asked.end() == 0
    assert [one.state for one in hw.jobs()] == ["pending", "rolling_back"]
    assert "rollbacks" not in cli("doctor").stdout


def test_the_doctor_tells_of_a_failed_rollback(cli: Cli, hw: Headway) -> None:
    """A job that is rolled back in part is not well, with where to look."""
    job = hw.submit(detach)
    hw.work_until_idle()
    hw.cancel(hw.rollback(job))
    assert "1 job is rolled back only in part" in cli("doctor").stdout


def test_show_says_what_to_do_after_a_failed_rollback(cli: Cli, hw: Headway) -> None:
    """The rollback that failed leads to the job that is rolled back again."""
    job = hw.submit(detach)
    hw.work_until_idle()
    rollback = hw.rollback(job)
    hw.work_until_idle()
    assert f"Next: headway rollback {job.number}\n" in cli("show", str(rollback.number)).stderr
