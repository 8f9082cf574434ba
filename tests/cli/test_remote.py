"""The command line at a server: --url http://... instead of a database."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from headway import Headway
from headway.server import create_app
from headway.server.serving import Serving
from tests.cli.command import Cli

TOKEN = "a token of thirty-two characters"


@pytest.fixture
def served(tmp_path: Path) -> Iterator[tuple[Headway, str]]:
    """A server that asks for a token: its own verbs, and its address."""
    with Headway(tmp_path / "jobs.db") as own, Serving(create_app(own, token=TOKEN), port=0) as server:
        yield own, server.address


@pytest.fixture
def far(served: tuple[Headway, str], tmp_path: Path) -> Iterator[Cli]:
    """The command with that server for its database."""
    command = Cli(served[1], tmp_path)
    command.env["HEADWAY_TOKEN"] = TOKEN
    yield command
    command.close()


def test_the_verbs_work_at_a_server(far: Cli, served: tuple[Headway, str]) -> None:
    """$HEADWAY_URL and $HEADWAY_TOKEN are all that it needs; answers and codes are those of a database."""
    assert far("submit", "a", "n:=1", "--external-id", "gui/17").returncode == 0
    for words, code in (
        (["ls"], 0), (["show", "gui/17"], 0), (["pause", "gui/17"], 0), (["resume", "1"], 0), (["events", "1"], 0),
        (["cancel", "1"], 0), (["watch", "1"], 5), (["show", "17"], 6), (["tree", "1"], 0), (["session", "ls"], 0),
        (["recover"], 0), (["pin", "1"], 0), (["unpin", "1"], 0), (["delete", "1", "-y"], 0),
    ):  # fmt: skip
        done = far(*words)
        assert (words, done.returncode, done.stderr * (done.returncode != code)) == (words, code, "")
    assert served[0].jobs() == []


def test_url_names_a_server_too(cli: Cli, served: tuple[Headway, str]) -> None:
    """AP37: --url http://...; without its token, or with a wrong one, 4 and how it is given."""
    for token in ("", "another token"):
        done = cli("--url", served[1], "ls", env={"HEADWAY_TOKEN": token})
        assert (done.returncode, done.stdout) == (4, "")
        assert "Set $HEADWAY_TOKEN to it" in done.stderr
    assert cli("--url", served[1], "ls", env={"HEADWAY_TOKEN": TOKEN}).returncode == 0


@pytest.mark.parametrize("words", ["worker --import jobs.py", "run -- true", "db status", "serve --port 0"])
def test_what_needs_the_database_says_so(far: Cli, words: str) -> None:
    """One line, and the code of a refusal."""
    done = far(*words.split())
    assert done.returncode == 1
    assert re.search("the database itself", done.stderr)
    assert "Traceback" not in done.stderr


def test_doctor_tells_no_command_that_a_server_refuses(far: Cli, served: tuple[Headway, str]) -> None:
    """Workers need the database itself: it says where one is to be started, with a database to name."""
    served[0].submit("gate")
    said = far("doctor").stdout
    assert "Start one where the server's database is: headway worker --url DATABASE --import MODULE." in said


def test_run_is_refused_in_words_of_the_command_line(far: Cli, served: tuple[Headway, str]) -> None:
    """It says what `headway run` needs and how it is called then, starts nothing, and `ls` does not offer it either."""
    for words in (["run"], ["run", "--detach"], ["run", "--on-interrupt", "detach"]):
        done = far(*words, "--", "touch", str(far.home / "ran"))
        assert (done.returncode, "Traceback" in done.stderr) == (1, False)
        assert "headway run --url DATABASE -- COMMAND" in done.stderr
    assert not (far.home / "ran").exists()
    assert "headway run" not in far("ls").stderr
    assert served[0].jobs() == []


def test_doctor_looks_through_a_server(far: Cli) -> None:
    """What can be seen of its workers, clock and waiting jobs; nothing of its files."""
    done = far("doctor")
    assert done.returncode == 0
    assert re.search(r"ok +server +http://127", done.stdout)
    assert re.search(r"ok +clocks", done.stdout)
