"""Exit codes of the command line (acceptance point 37)."""

from __future__ import annotations

import re

import pytest

from headway import Headway
from tests.cli.command import Cli


@pytest.mark.parametrize("follow", [["watch"], ["wait"]])
def test_ap37_a_completed_job_is_0(cli: Cli, working: Headway, follow: list[str]) -> None:
    """Whoever follows a job that completes ends with 0."""
    assert cli(*follow, str(working.submit("quick").number)).returncode == 0


@pytest.mark.parametrize("follow", [["watch"], ["wait"]])
def test_ap37_a_failed_job_is_3(cli: Cli, working: Headway, follow: list[str]) -> None:
    """Whoever follows a job that fails ends with 3, also among others that complete or are cancelled."""
    jobs = [working.submit("quick"), working.submit("broken"), working.cancel(working.submit("nobody.has"))]
    assert cli(*follow, *(str(job.number) for job in jobs)).returncode == 3


@pytest.mark.parametrize("follow", [["watch"], ["wait"]])
def test_ap37_a_cancelled_job_is_5(cli: Cli, hw: Headway, follow: list[str]) -> None:
    """Whoever follows a job that was cancelled ends with 5."""
    assert cli(*follow, str(hw.cancel(hw.submit("gate")).number)).returncode == 5


@pytest.mark.parametrize(
    "verb", ["show", "watch", "wait", "logs", "events", "pause", "resume", "cancel", "retry", "restart"]
)
def test_ap37_an_unknown_id_is_6(cli: Cli, verb: str) -> None:
    """An id that no job answers to ends every verb with 6, and the message names the database."""
    done = cli(verb, "nobody")
    assert (done.returncode, done.stdout) == (6, "")
    assert "'nobody' in " in done.stderr
    assert "jobs.db" in done.stderr


def test_ap37_an_ambiguous_id_is_6(cli: Cli, hw: Headway) -> None:
    """An id that means two jobs is refused, and both are named in exact forms."""
    hw.submit("gate")
    hw.submit("gate", external_id="1")
    done = cli("show", "1")
    assert done.returncode == 6
    assert "number:1" in done.stderr
    assert "external:1" in done.stderr


def test_ap37_a_timeout_is_124(cli: Cli, hw: Headway) -> None:
    """`headway wait --timeout` ends with 124 when the time has passed."""
    done = cli("wait", str(hw.submit("gate").number), "--timeout", "0.05s")
    assert done.returncode == 124
    assert "still pending" in done.stderr


@pytest.mark.parametrize(
    "words",
    [["lss"], ["ls", "--nope"], ["ls", "a:x"], ["show"], ["wait", "1", "--timeout", "x"], ["logs", "1", "--grep", "("]],
)  # fmt: skip
def test_ap37_what_is_not_understood_is_2(cli: Cli, hw: Headway, words: list[str]) -> None:
    """A verb, option, query word or value that is wrong ends with 2, and nothing on standard output."""
    hw.submit("gate")
    done = cli(*words)
    assert (done.returncode, done.stdout) == (2, "")


def test_ap37_a_refused_move_is_1(cli: Cli, hw: Headway) -> None:
    """A move that the state does not permit ends with 1, and says what is possible."""
    done = cli("retry", str(hw.submit("gate").number))
    assert done.returncode == 1
    assert "is pending and can not be tried again; it can: pause, cancel" in done.stderr


def test_ap37_a_database_that_can_not_be_opened_is_1(cli: Cli) -> None:
    """The message says what was found and what to do."""
    done = cli("ls", "--url", "/dev/null/jobs.db")
    assert done.returncode == 1
    assert done.stderr.startswith("headway: Can not open /dev/null/jobs.db")


def test_ap37_the_codes_are_listed(cli: Cli) -> None:
    """`headway help exit-codes` lists each code once."""
    listed = [line.split()[0] for line in cli("help", "exit-codes").stdout.splitlines() if line.startswith("  ")]
    assert listed == "0 1 2 3 4 5 6 7 8 124 130 143".split()


def test_a_typo_proposes_the_nearest_verb(cli: Cli) -> None:
    """A verb that is not there is answered with the one that was meant."""
    assert "Did you mean 'cancel'?" in cli("cancle", "1").stderr


@pytest.mark.parametrize("words", [[], ["db"]])
def test_without_a_verb_the_verbs_are_listed(cli: Cli, words: list[str]) -> None:
    """The command alone shows its help, and ends as one that is not understood."""
    done = cli(*words)
    assert (done.returncode, done.stdout) == (2, "")
    assert "\nCommands:\n" in done.stderr


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["recover", "--never", "import"], "no rule for jobs of 'import'. Types that have one: 'copy'"),
        (["session", "start"], "headway session config default.yaml --type TYPE"),
        (["session", "start", "a b"], "headway session config 'a b' --type TYPE"),
        (["session", "config", "a b", "--version", "7"], "headway session config 'a b' --versions"),
        (["worker", "--import", "jobs.py", "--type", "nope"], "No function is registered for 'nope'. There are: "),
        (["db", "retention", "--keep", "0", "--type", "copy"], "--keep 0 is no rule"),
    ],
)
def test_a_refusal_speaks_of_commands(cli: Cli, hw: Headway, words: list[str], said: str) -> None:
    """What the command refuses, it tells in words of the command, not in those of the library."""
    hw.add_recovery_rule("copy")
    hw.create_session("a b")
    done = cli(*words)
    assert (done.returncode > 0, said in done.stderr) == (True, True), done
    assert not re.search(r"hw\.|\w+_s is|\w=[\[(,'\"]", done.stderr), done.stderr
