"""`headway submit`: brings a job into being."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from headway import Headway
from tests.cli.command import Cli


def test_texts_stay_texts_and_json_is_asked_for(cli: Cli, hw: Headway) -> None:
    """key=3 is a text, key:=3 a number: nothing is guessed."""
    cli("submit", "gate", "a=3", "b:=3", "c:=[true, null]", "d=x=y", 'e:="t"')
    assert hw.get(1).input == {"a": "3", "b": 3, "c": [True, None], "d": "x=y", "e": "t"}


@pytest.mark.parametrize("word", ["a", "=1", ":=1", "a:=[1,", "a:=nope", "a:=NaN"])
def test_what_is_no_input_is_refused(cli: Cli, hw: Headway, word: str) -> None:
    """A word that is neither key=text nor key:=json is named, and nothing is submitted."""
    done = cli("submit", "gate", word)
    assert done.returncode == 2
    assert not hw.jobs()


def test_the_input_of_a_file_or_a_pipe(cli: Cli, hw: Headway) -> None:
    """--input takes a JSON object from a file or from standard input; words on the command line win."""
    (cli.home / "given.json").write_text('{"a": 1, "b": 2}')
    cli("submit", "gate", "--input", "given.json", "b:=3")
    cli("submit", "gate", "--input", "-", stdin='{"c": 4}')
    assert (hw.get(1).input, hw.get(2).input) == ({"a": 1, "b": 3}, {"c": 4})
    assert cli("submit", "gate", "--input", "-", stdin="[1]").returncode == 2


def test_every_option_reaches_the_job(cli: Cli, hw: Headway) -> None:
    """Name, ids, labels, queue, priority, category, session and time are those of the job."""
    hw.create_session("acme")
    cli(
        "submit", "gate", "--name", "N", "--external-id", "e-1", "--context-id", "c-1", "--label", "a=b",
        "--queue", "q", "--priority", "5", "--category", "media",
        "--run-at", "2h", "--timeout", "1m", "--session", "acme",
    )  # fmt: skip
    job = hw.get("e-1")
    assert (job.name, job.context_id, job.labels, job.queue, job.priority) == ("N", "c-1", {"a": "b"}, "q", 5)
    assert (job.category, job.session, job.timeout_s) == ("media", "acme", 60.0)
    assert job.due_at is not None
    assert 7_000 < (job.due_at - datetime.now(UTC)).total_seconds() <= 7_200


def test_an_idempotency_key_gives_the_same_job(cli: Cli) -> None:
    """The same key and request twice is one job; with another request it is refused."""
    first = cli.json("submit", "gate", "--idempotency-key", "k")["job"]["id"]
    assert cli.json("submit", "gate", "--idempotency-key", "k")["job"]["id"] == first
    assert cli.json("submit", "gate", "a=b", "--idempotency-key", "k", code=1)["error"]["code"] == "key_reused"


@pytest.mark.usefixtures("working")
def test_a_slot_is_not_said_to_be_missing_where_a_worker_is(cli: Cli) -> None:
    """Of a job that a worker may take in this moment nobody says that it waits for a free slot."""
    said = cli("submit", "gate").stderr
    assert said.startswith("A worker that has its type takes it as soon as a slot is free.\n"), said


def test_the_answer_names_the_job_and_for_whom_it_waits(cli: Cli) -> None:
    """Standard output has number, id and state; standard error for what it waits and how to follow it."""
    done = cli("submit", "gate")
    number, identity, state = done.stdout.split()
    assert (number, len(identity), state) == ("1", 36, "pending")
    assert "waits for a worker that has 'gate'" in done.stderr
    assert "headway watch 1" in done.stderr


@pytest.mark.parametrize(("kind", "code"), [("quick", 0), ("broken", 3)])
def test_follow_watches_it_to_its_end(cli: Cli, working: Headway, kind: str, code: int) -> None:
    """--follow prints the id on standard output, the way there on standard error, and ends as the job does."""
    done = cli("submit", kind, "--follow")
    assert done.returncode == code
    assert len(done.stdout.splitlines()) == 1
    assert working.get(done.stdout.split()[1]).state in done.stderr


def test_external_ids_have_namespaces(cli: Cli, hw: Headway) -> None:
    """S4.1: one of each namespace at submit, more of them by alias; the job answers to all."""
    cli("submit", "quick", "--external-id", "one", "--external-id", "gui:17", "--external-id", "wiz=a:b")
    assert hw.get(1).external_ids == {"external": "one", "gui": "17", "wiz": "a:b"}
    assert cli("alias", "gui:17", "gui:18", "two").returncode == 0
    assert {hw.get(name).number for name in ("one", "two", "gui:17", "gui:18", "wiz:a:b")} == {1}


def test_two_external_ids_of_one_namespace_are_refused(cli: Cli, hw: Headway) -> None:
    """None is dropped without a word: how to give both is said."""
    done = cli("submit", "quick", "--external-id", "one", "--external-id", "two")
    assert (done.returncode, "headway alias" in done.stderr, list(hw.jobs())) == (2, True, []), done


def test_one_per_context_is_asked_for(cli: Cli, hw: Headway) -> None:
    """S4.10: the second open job of the context is refused with the number of the first."""
    line = ("submit", "quick", "--context-id", "vm-1", "--one-per-context")
    assert cli(*line).returncode == 0
    done = cli(*line)
    assert (done.returncode, "already: 1 " in done.stderr, len(hw.jobs())) == (1, True, 1), done
