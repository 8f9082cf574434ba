"""Submit, submit_many, restart, alias: what is asked for is what is stored, and what does not fit is refused."""

from __future__ import annotations

import decimal
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

import headway
from headway import Conflict, Context, Headway, InvalidInput, NotFound, NotSupported
from headway.testing import BEGINNING, Clock

NOW = datetime.fromtimestamp(BEGINNING, UTC)


@headway.job("submitting.add")
def add(ctx: Context, a: int, b: int = 1) -> int:
    """A job function that submit may be given."""
    return a + b


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"m": 1}, "'a', 'b'; found 'm', which it does not take"),
        ({"b": 1}, "needs 'a'; found only 'b'"),
        ({}, "needs 'a'; it was given no input."),
        ({"a": "1"}, "Expected `int`, got `str`; found '1'. It was given as a text; on the command line write a:=1."),
    ],
)
def test_an_input_must_fit_the_function_that_is_submitted(hw: Headway, given: dict[str, Any], said: str) -> None:
    """With the function at hand its input is compared with its parameters, and nothing is stored that does not fit."""
    for submit in (lambda: hw.submit(add, given), lambda: hw.submit_many(add, [given])):
        with pytest.raises(InvalidInput) as refused:
            submit()
        assert said in str(refused.value)
    assert list(hw.jobs()) == []


def test_values_beside_the_input_are_refused_with_the_right_form(hw: Headway) -> None:
    """Who gives the job's values as keywords reads where they go."""
    with pytest.raises(InvalidInput, match=r'submit\(\) takes no a=: .*submit\(type, \{"a": 5\}\)'):
        hw.submit(add, a=5)  # type: ignore[arg-type]
    assert list(hw.jobs()) == []


@pytest.mark.usefixtures("beside_the_store")
def test_a_job_is_short_where_it_is_printed(hw: Headway) -> None:
    """print(job) and a prompt show the number, the name, the state and the percentage, and no input."""
    job = hw.submit(add, {"a": 1}, name="Sum")
    assert repr(job) == str(job) == "<Job 1 'Sum': pending>"
    with hw.tracked("Import", show=False) as ctx:
        ctx.progress(percent=25)
        ctx.settle()
        assert repr(hw.get(ctx.job_id)) == "<Job 2 'Import': running, 25%>"


def test_a_submitted_job_is_what_was_asked(hw: Headway) -> None:
    """Every option of submit is on the job that it returns, and on the one that is read."""
    parent = hw.submit("site")
    job = hw.submit(
        "site.transfer", {"source": "old", "depth": 3}, name="Move", external_id={"gui": "17", "cloud": "c-1"},
        context_id="vm-7", one_per_context=True, category="migration", labels={"customer": "acme"}, parent=parent,
        priority=5, queue="night", run_at=NOW + timedelta(hours=1), timeout_s=60,
    )  # fmt: skip
    assert (job.type, job.name, job.state, job.session) == ("site.transfer", "Move", "pending", "default.yaml")
    assert (job.input, job.labels) == ({"source": "old", "depth": 3}, {"customer": "acme"})
    assert (job.external_ids, job.context_id) == ({"gui": "17", "cloud": "c-1"}, "vm-7")
    assert (job.category, job.priority, job.queue, job.timeout_s) == ("migration", 5, "night", 60)
    assert (job.parent_id, job.due_at) == (parent.id, NOW + timedelta(hours=1))
    assert (job.created_at, job.started_at, job.ended_at, job.attempt) == (NOW, None, None, 0)
    assert hw.get(job.id) == headway.Job(**{**_fields(job), "found_by": "id"})


def _fields(job: headway.Job) -> dict[str, Any]:
    return {name: getattr(job, name) for name in job.__struct_fields__}


def test_what_is_not_asked_has_its_default(hw: Headway) -> None:
    """A job needs a type and nothing else; its name is its type."""
    job = hw.submit("site.transfer")
    assert (job.name, job.input, job.labels, job.external_ids) == ("site.transfer", {}, {}, {})
    assert (job.category, job.queue, job.priority, job.parent_id) == ("general", "default", 0, None)
    assert (job.root_id, job.events, job.progress, job.error) == (job.id, 1, None, None)


@pytest.mark.usefixtures("beside_the_store")
def test_a_job_tells_who_submitted_it(hw: Headway) -> None:
    """The owner is on the job; the first event says who and from where."""
    job = hw.submit("a")
    (event,) = hw.events(job)
    assert (event.seq, event.name, event.data["to"], event.data["who"]) == (1, "submit", "pending", job.owner)
    assert {"via", "host", "pid"} <= event.data.keys()


def test_submit_takes_the_function(hw: Headway) -> None:
    """A type is a name, or the function that is registered under it."""
    assert hw.submit(add, {"a": 1}).type == "submitting.add"
    with pytest.raises(headway.UnknownType, match="registered under no name"):
        hw.submit(print)


@dataclass
class Place:
    host: str
    path: Path


def test_plain_values_are_made_of_what_can_be(hw: Headway) -> None:
    """Dataclasses, paths, times, decimals and sets in an input are stored as plain values."""
    given: dict[Any, Any] = {
        "to": Place("h", Path("/srv")),
        "at": NOW,
        "price": decimal.Decimal("1.50"),
        "ids": {7},
        5: "five",
    }
    assert hw.submit("a", given).input == {
        "to": {"host": "h", "path": "/srv"}, "at": "2026-01-01T00:00:00Z", "price": "1.50", "ids": [7], "5": "five",
    }  # fmt: skip


def test_text_of_any_language_is_kept(hw: Headway) -> None:
    """Names and values hold any text."""
    job = hw.submit("a", {"ключ": "値 🚚"}, name="Überführung 🚚", labels={"città": "Forlì"}, external_id="клиент-7")
    assert hw.get("клиент-7") == headway.Job(**{**_fields(job), "found_by": "external"})


BAD_OPTIONS: dict[str, dict[str, Any]] = {
    "no type": {"type": ""},
    "long type": {"type": "x" * 256},
    "type of two lines": {"type": "a\nb"},
    "long name": {"name": "x" * 1001},
    "name that is no text": {"name": 7},
    "input that is a list": {"input": [1]},
    "empty external id": {"external_id": " "},
    "long external id": {"external_id": "x" * 256},
    "reserved external id": {"external_id": "me"},
    "reserved namespace": {"external_id": {"number": "1"}},
    "namespace of two words": {"external_id": {"a b": "1"}},
    "external id that is no text": {"external_id": {"gui": 17}},
    "context of two lines": {"context_id": "a\nb"},
    "one per no context": {"one_per_context": True},
    "empty category": {"category": ""},
    "labels as a list": {"labels": ["a"]},
    "label that is no text": {"labels": {"a": 1}},
    "empty label": {"labels": {"a": ""}},
    "65 labels": {"labels": {str(n): "x" for n in range(65)}},
    "priority as text": {"priority": "high"},
    "priority as a fraction": {"priority": 1.5},
    "huge priority": {"priority": 1 << 40},
    "empty queue": {"queue": ""},
    "time without a zone": {"run_at": datetime(2026, 1, 1)},  # noqa: DTZ001 - the mistake that is to be refused
    "time as text": {"run_at": "tomorrow"},
    "no timeout at all": {"timeout_s": 0},
    "negative timeout": {"timeout_s": -1},
    "timeout as text": {"timeout_s": "1h"},
    "empty key": {"idempotency_key": ""},
    "long key": {"idempotency_key": "x" * 1001},
}


@pytest.mark.parametrize("what", BAD_OPTIONS)
def test_an_option_that_does_not_fit_is_refused(hw: Headway, what: str) -> None:
    """InvalidInput says what was found and what is expected; nothing is stored."""
    with pytest.raises(InvalidInput):
        hw.submit(**{"type": "a", **BAD_OPTIONS[what]})
    assert hw.jobs() == []


def test_a_session_or_parent_that_is_not_there_is_named(hw: Headway) -> None:
    """A job can not belong to what does not exist."""
    with pytest.raises(NotFound, match="no session 'shop'"):
        hw.submit("a", session="shop")
    with pytest.raises(NotFound, match="No job answers to '17'"):
        hw.submit("a", parent=17)
    assert hw.jobs() == []


def test_a_child_has_the_root_of_its_parent(hw: Headway) -> None:
    """A tree has one root, whatever its depth."""
    root = hw.submit("a")
    child = hw.submit("b", parent=root)
    grandchild = hw.submit("c", parent=child)
    assert (child.root_id, grandchild.root_id, grandchild.parent_id) == (root.id, root.id, child.id)
    assert [job.id for job in hw.children(root)] == [child.id]


def test_many_jobs_are_submitted_in_order(hw: Headway) -> None:
    """submit_many returns the ids in the order of the inputs, more than fit in one batch."""
    ids = hw.submit_many("a", ({"n": n} for n in range(2100)), queue="night", labels={"run": "1"})
    found = hw.jobs(limit=3000)
    assert [job.id for job in found] == ids[::-1]
    assert [job.input["n"] for job in found] == list(range(2100))[::-1]
    assert {(job.queue, job.labels["run"]) for job in found} == {("night", "1")}


def test_many_jobs_with_a_bad_one_name_it(hw: Headway) -> None:
    """An input that can not be stored is refused; of its batch nothing is stored."""
    with pytest.raises(headway.Unstorable, match="'n'"):
        hw.submit_many("a", [{"n": 1}, {"n": float("nan")}])
    assert hw.jobs() == []


def test_many_jobs_have_the_parent_that_is_named(hw: Headway) -> None:
    """submit_many takes a parent by any id, as submit does."""
    parent = hw.submit("a")
    hw.submit_many("b", [{}, {}], parent=parent.number)
    assert [(child.parent_id, child.root_id) for child in hw.children(parent)] == [(parent.id, parent.id)] * 2


@pytest.mark.parametrize("verb", ["submit_many", "tracked"])
def test_an_option_that_does_not_exist_is_refused(hw: Headway, verb: str) -> None:
    """A misspelt option is not passed over in silence."""
    with pytest.raises(InvalidInput, match="'priorty' is no option of a job"):
        getattr(hw, verb)("a", **({"inputs": [{}]} if verb == "submit_many" else {}), priorty=5)


def test_no_jobs_at_all_are_no_error(hw: Headway) -> None:
    """submit_many of nothing does nothing."""
    assert hw.submit_many("a", []) == []


def test_a_restart_is_a_new_job(hw: Headway) -> None:
    """It has type, input and options of the old one, its own history and number, and names where it comes from."""
    options: dict[str, Any] = {
        "name": "Move", "context_id": "vm-7", "category": "migration", "labels": {"customer": "acme"}, "priority": 5,
        "queue": "night", "timeout_s": 60.0,
    }  # fmt: skip
    old = hw.cancel(hw.submit("site.transfer", {"n": 1}, external_id="gui-17", **options))
    new = hw.restart("gui-17", reason="again")
    assert {name: getattr(new, name) for name in options} == options
    assert (new.restarted_from, new.state, new.input) == (old.id, "pending", {"n": 1})
    assert (new.number != old.number, new.external_ids) == (True, {})
    assert hw.events(new)[0].data["reason"] == "again"


def test_a_restart_takes_another_input(hw: Headway) -> None:
    """input: the new job works with it and with nothing of the old one's; without it, with the same."""
    old = hw.submit("submitting.add", {"a": "x", "b": 1})
    assert hw.restart(old, input={"a": 1}).input == {"a": 1}
    assert hw.restart(old).input == {"a": "x", "b": 1}
    with pytest.raises(InvalidInput, match="object of named values"):
        hw.restart(old, input=[1])  # type: ignore[arg-type]
    assert len(hw.jobs()) == 3


def test_a_restart_with_another_input_is_another_request(hw: Headway) -> None:
    """The same key and input is the same job; the key with another input is refused."""
    old = hw.submit("a", {"n": 1})
    once = [hw.restart(old, input={"n": 2}, idempotency_key="k").id for _ in range(2)]
    assert len(set(once)) == 1
    with pytest.raises(Conflict):
        hw.restart(old, input={"n": 3}, idempotency_key="k")


def test_an_alias_finds_the_job(hw: Headway) -> None:
    """An id that is learned later is as good as one that was given; saying it twice is no error."""
    job = hw.submit("a")
    hw.alias(job, {"cloud": "op-1"})
    assert hw.alias(job, {"cloud": "op-1"}).external_ids == {"cloud": "op-1"}
    assert hw.get("op-1").id == hw.get("cloud:op-1").id == job.id
    with pytest.raises(InvalidInput):
        hw.alias(job, "me")


def test_a_delayed_job_waits_for_its_time(hw: Headway, clock: Clock) -> None:
    """run_at: nobody takes it before; the job says until when it waits."""
    job = hw.submit(add, {"a": 1}, run_at=NOW + timedelta(seconds=60))
    assert hw.work_until_idle() == 0
    assert hw.get(job).marks["waiting_for"] == "its time, 2026-01-01T00:01:00+00:00"
    clock.advance(61)
    assert hw.work_until_idle() == 1
    assert hw.get(job).result == 2


def test_a_time_that_has_passed_is_now(hw: Headway) -> None:
    """run_at in the past delays nothing."""
    hw.submit(add, {"a": 1}, run_at=NOW - timedelta(days=1))
    assert hw.work_until_idle() == 1


@pytest.mark.usefixtures("beside_the_store")
def test_a_block_is_not_restarted_by_a_verb(hw: Headway) -> None:
    """Nobody but its own program can begin a block again: a restart says so instead of waiting for ever."""
    with hw.tracked("Import", show=False) as ctx:
        pass
    with pytest.raises(NotSupported, match="run that again"):
        hw.restart(ctx.job_id)
