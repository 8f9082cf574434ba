"""A whole session at once: paused, resumed, cancelled; blocks that wait for a place in one; and what the sweep does."""

from __future__ import annotations

import contextvars
import logging
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest

from headway import Halt, Headway, InvalidInput, Job, NotFound
from headway.store import sweeping
from headway.testing import Clock
from tests.contract.traces import Trace

VERBS: list[str] = ["pause", "resume", "cancel"]


def _states(hw: Headway, jobs: list[str]) -> list[str]:
    return [hw.get(job).state for job in jobs]


def test_a_session_is_paused_resumed_and_cancelled_as_a_whole(trace: Trace) -> None:
    """S2.30, design 6: every open job of it, and of no other session."""
    hw = trace.hw
    hw.create_session("acme")
    other = trace.begin(queue="other")
    jobs = [trace.begin(session="acme"), trace.submit(session="acme"), trace.submit(session="acme")]
    paused = hw.pause("acme", reason="for the night", scope="session")
    assert [(job.id, job.state) for job in paused] == list(zip(jobs, ["pausing", "paused", "paused"], strict=True))
    assert [job.state for job in hw.resume("acme", scope="session")] == ["running", "pending", "pending"]
    hw.cancel("acme", scope="session")
    assert _states(hw, jobs) == ["cancelling", "cancelled", "cancelled"]
    assert trace.state(other) == "running"
    asked = [event for event in hw.events(jobs[1]) if event.name == "pause"]
    assert [event.data["session"] for event in asked] == ["acme"]
    assert asked[0].data["reason"] == "for the night"


def test_what_can_not_do_it_is_left_out(trace: Trace) -> None:
    """The answer lists who is where the verb leads, or on the way there."""
    hw = trace.hw
    hw.create_session("acme")
    running, stopping = trace.begin(session="acme"), trace.submit(session="acme")
    trace.claim(stopping)
    hw.cancel(stopping)
    assert [job.id for job in hw.pause("acme", scope="session")] == [running]
    assert trace.state(stopping) == "cancelling"
    assert hw.get(running).state == "pausing"


def test_children_are_reached_with_their_parents(trace: Trace) -> None:
    """A child in another session belongs to the tree of its parent."""
    hw = trace.hw
    hw.create_session("acme")
    parent = trace.begin(session="acme")
    child = trace.submit(parent=parent)
    hw.pause("acme", scope="session")
    assert _states(hw, [parent, child]) == ["pausing", "paused"]


def test_nothing_open_is_an_empty_answer(hw: Headway) -> None:
    """A session without open jobs is no error; one that is unknown is."""
    hw.create_session("acme")
    assert hw.pause("acme", scope="session") == []
    verbs: list[Callable[..., list[Job]]] = [getattr(hw, name) for name in VERBS]
    for verb in verbs:
        with pytest.raises(NotFound):
            verb("nobody", scope="session")
        with pytest.raises(InvalidInput):
            verb("list", scope="session")
    with pytest.raises(InvalidInput, match="'session'"):
        hw.pause("acme", scope="everything")  # type: ignore[call-overload]


@pytest.mark.usefixtures("beside_the_store")
def test_a_block_waits_for_a_place(live: Headway, caplog: pytest.LogCaptureFixture) -> None:
    """G14: pending meanwhile, with one line in the log that says for what; it begins when there is room."""
    live.create_session("acme", concurrency=1)
    inside, leave = threading.Event(), threading.Event()

    def first() -> None:
        with live.tracked("first", session="acme", show=False):
            inside.set()
            leave.wait(120)

    with ThreadPoolExecutor(2) as pool, caplog.at_level(logging.WARNING, "headway"):
        holding = pool.submit(first)
        assert inside.wait(120)
        waiting = pool.submit(_run_block, live)
        while not any("a place of session acme (1 of 1 run)" in line for line in caplog.messages):
            live.changed(0, 0.1)
        (job,) = live.jobs(text="second")
        assert (job.state, job.marks["waiting_for"]) == ("pending", "a place of session acme (1 of 1 run)")
        leave.set()
        assert (holding.result(120), waiting.result(120)) == (None, "acme")
    assert len([line for line in caplog.messages if "place of session" in line]) == 1
    assert (live.get(job).state, live.session("acme").running) == ("completed", 0)


def _run_block(hw: Headway) -> str:
    with hw.tracked("second", session="acme", show=False) as ctx:
        return ctx.session


@pytest.mark.usefixtures("beside_the_store")
def test_a_block_that_is_cancelled_while_it_waits_never_begins(live: Headway) -> None:
    """The Halt passes out of it, and nothing of its code is run."""
    live.create_session("acme", concurrency=1)
    with live.tracked("first", session="acme", show=False), ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(_run_block, live)
        while not (found := live.jobs(text="second")):
            live.changed(0, 0.1)
        live.cancel(found[0])
        with pytest.raises(Halt):
            waiting.result(120)
    assert live.get(found[0]).state == "cancelled"


@pytest.mark.usefixtures("beside_the_store")
def test_ctrl_c_while_it_waits_cancels_the_block(hw: Headway, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody else would ever take it."""
    hw.create_session("acme", concurrency=1)
    ours, waits = threading.current_thread(), hw._database.wait

    def wait(seen: int, timeout_s: float) -> int:
        if timeout_s and threading.current_thread() is ours:  # the first block has threads that wait as well
            raise KeyboardInterrupt
        return waits(seen, timeout_s)

    with hw.tracked("first", session="acme", show=False):
        monkeypatch.setattr(hw._database, "wait", wait)
        waiting = hw.tracked("second", session="acme", show=False)
        with pytest.raises(KeyboardInterrupt):
            contextvars.Context().run(waiting.begin)  # outside the first one
    assert {job.name: job.state for job in hw.jobs()} == {"first": "completed", "second": "cancelled"}


@pytest.mark.usefixtures("beside_the_store")
def test_a_block_inside_a_job_of_the_session_works_in_its_place(hw: Headway) -> None:
    """With one place the inner one would wait for the outer one for ever."""
    hw.create_session("acme", concurrency=1)
    with hw.tracked("outer", session="acme", show=False), hw.tracked("inner", show=False) as ctx:
        assert (ctx.session, hw.session("acme").running) == ("acme", 1)


def test_an_idle_session_is_closed(hw: Headway, clock: Clock) -> None:
    """S2.29: when nobody has used it for its idle_s; saving it is use."""
    hw.create_session("acme", {"a": 1}, idle_s=60)
    hw.create_session("kept")
    clock.advance(50)
    hw.save_session("acme", {"a": 2})
    clock.advance(50)
    _sweep(hw)
    assert hw.session("acme").config == {"a": 2}
    clock.advance(11)
    _sweep(hw)
    with pytest.raises(NotFound):
        hw.session("acme")
    assert [one.id for one in hw.sessions()] == ["default.yaml", "kept"]


def test_a_session_with_open_jobs_is_never_closed_by_itself(trace: Trace, clock: Clock) -> None:
    """S2.29, S2.30: not while one runs, waits or is paused; and a job that ended lately is use."""
    hw = trace.hw
    hw.create_session("acme", idle_s=60)
    job = trace.submit(session="acme")
    hw.pause(job)
    for _ in range(3):
        clock.advance(100)
        _sweep(hw)
        assert hw.session("acme").open_jobs == 1
    hw.cancel(job)
    clock.advance(50)
    _sweep(hw)
    assert hw.session("acme").open_jobs == 0
    clock.advance(61)
    _sweep(hw)
    with pytest.raises(NotFound):
        hw.session("acme")


def test_a_count_that_is_wrong_is_put_right(trace: Trace, clock: Clock, caplog: pytest.LogCaptureFixture) -> None:
    """G14: each minute the sweep counts anew who holds a place, and tells of a difference."""
    hw = trace.hw
    hw.create_session("acme", concurrency=3)
    trace.begin(session="acme")
    trace.sql("UPDATE limits SET used = 3 WHERE key = 'session:acme'")
    clock.advance(61)
    trace.beat(hw.jobs()[0].id)
    with caplog.at_level(logging.WARNING, "headway"):
        _sweep(hw)
    assert hw.session("acme").running == 1
    assert [line for line in caplog.messages if "session:acme" in line] == [
        "the limit session:acme counted 3 jobs, and 1 runs: put right"
    ]


def test_a_count_that_is_right_is_left_alone(trace: Trace, clock: Clock, caplog: pytest.LogCaptureFixture) -> None:
    """One that waits for its children holds no place and is not counted."""
    hw = trace.hw
    hw.create_session("acme", concurrency=3)
    waiting = trace.begin(session="acme")
    trace.sql("UPDATE jobs SET waiting = true WHERE id = ?", waiting)
    trace.sql("UPDATE limits SET used = 0 WHERE key = 'session:acme'")
    clock.advance(20)
    trace.beat(waiting)
    clock.advance(41)
    with caplog.at_level(logging.WARNING, "headway"):
        _sweep(hw)
    assert not caplog.messages


def _sweep(hw: Headway) -> None:
    sweeping.sweep(hw._database)
