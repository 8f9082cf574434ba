"""--json: strict JSON in every case, also on error (acceptance point 37)."""

from __future__ import annotations

from select import select

import pytest

from headway import Headway
from tests.cli.command import Cli, strict

READING = [
    ["ls"],
    ["ls", "--all"],
    ["show", "1"],
    ["logs", "1"],
    ["events", "1"],
    ["tree", "1"],
    ["doctor"],
    ["db", "status"],
]
FOLLOWING = [["watch", "1"], ["wait", "1"]]


@pytest.mark.parametrize("words", READING + FOLLOWING)
def test_ap37_every_verb_answers_with_one_document(cli: Cli, hw: Headway, words: list[str]) -> None:
    """--json gives one JSON document with the number of its form, whatever text a job holds."""
    hw.cancel(hw.submit("gate", {"text": '\x1b[31m\x85\u2028é\\"'}, name="a\nb\x9b31m"))
    done = cli(*words, "--json")
    assert strict(done.stdout)["schema"] == 1
    assert not any(sign in done.stdout for sign in "\x1b\x9b\x85")


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (["show", "nobody"], "not_found"), (["lss"], "usage"), (["ls", "--nope"], "usage"), (["ls", "a:b"], "usage"),
        (["show"], "usage"), (["submit", "x", "--input", "nothing.json"], "invalid_input"),
        (["submit", "x", "a:=[1,"], "usage"), (["wait", "nobody"], "not_found"),
        (["worker"], "invalid_input"), (["ls", "--url", "/dev/null/x"], "store_unusable"),
        (["ls", "--url", "ftp://x"], "invalid_input"), (["run"], "usage"),
    ],
)  # fmt: skip
def test_ap37_errors_are_json_too(cli: Cli, words: list[str], code: str) -> None:
    """With --json an error is a document with a code and a message, and the exit code is not 0."""
    done = cli(*words[:1], "--json", *words[1:])
    assert done.returncode != 0
    error = strict(done.stdout)["error"]
    assert (error["code"], bool(error["message"])) == (code, True)


def test_ap37_json_stands_before_the_verb_too(cli: Cli) -> None:
    """--json and --url are understood on both sides of the verb."""
    assert strict(cli("--json", "--url", "other.db", "ls").stdout)["jobs"] == []
    assert (cli.home / "other.db").exists()


@pytest.mark.parametrize("words", [["watch"], ["wait"], ["logs", "-f"]])
def test_json_lines_are_a_document_each(cli: Cli, words: list[str]) -> None:
    """--json=lines gives a document a line, as things happen."""
    running = cli.start("run", "--", "cat")
    assert running.stdin is not None
    assert running.stdout is not None
    running.stdin.write(b"first\n")
    running.stdin.flush()
    running.stdout.readline()
    following = cli.start(*words, "1", "--json=lines")
    assert following.stdout is not None
    assert select([following.stdout], [], [], 60)[0], "nothing comes before the job ends"
    told = [strict(following.stdout.readline().decode())]
    running.communicate(b"second\n")
    told += [strict(line) for line in following.communicate()[0].decode().splitlines()]
    assert {one["schema"] for one in told} == {1}
    said = [one["event"]["data"]["text"] if "event" in one else one["job"]["state"] for one in told]
    assert (said[0], said[-1]) == (("first", "second") if "logs" in words else ("running", "completed"))


def test_json_of_a_refusal_in_bulk(cli: Cli, hw: Headway) -> None:
    """Control verbs answer with what became of each job."""
    hw.submit("gate")
    done, skipped = cli.json("pause", "1", "nobody", code=8)["results"]
    assert (done["before"], done["after"], skipped["code"]) == ("pending", "paused", "not_found")


def test_json_does_not_reach_the_command(cli: Cli) -> None:
    """What stands after -- is the command's own."""
    assert cli("run", "--", "echo", "--json", "--json=lines").stdout == "--json --json=lines\n"
