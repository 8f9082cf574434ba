"""Whatever stands on the command line, the answer is a sentence, and nothing steers the terminal."""

from __future__ import annotations

import pytest

from headway import Headway
from tests.cli.command import Cli

WRONG = {
    "id": ["show", "\udcff"],
    "address": ["ls", "--url", "\udcff.db"],
    "span": ["logs", "@last", "--since", "99999999999999d"],
    "tail": ["logs", "@last", "--tail", "99999999999999999999"],
}


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_word_is_refused_without_a_traceback(cli: Cli, hw: Headway, name: str) -> None:
    """What can not be meant is a mistake of usage."""
    hw.submit("t")
    done = cli(*WRONG[name])
    assert (done.returncode, "Traceback" in done.stderr) == (2, False), done.stderr


def test_a_command_with_bytes_that_are_no_text_runs(cli: Cli, hw: Headway) -> None:
    """The command gets its argument as it was given; the job has it escaped."""
    done = cli("run", "--", "sh", "-c", "test ${#1} -gt 0", "sh", "bad\udcff.txt")
    assert done.returncode == 0, done.stderr
    assert hw.get("@last").input["command"][-1] == "bad\\udcff.txt"


def test_a_program_can_not_steer_the_terminal_by_its_name(cli: Cli) -> None:
    """SEC: the message that a command could not be started has no control characters."""
    for how in ([], ["--detach"]):
        assert "\x1b" not in cli("run", *how, "--", "\x1b]0;x\x07prog").stderr
