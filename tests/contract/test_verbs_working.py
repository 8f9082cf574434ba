"""Workers, order, retries, deadlines, threads and processes: what runs when, and how often."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

import headway
from headway import Context, Headway, InvalidInput
from headway.store import sweeping
from headway.testing import Clock
from tests.contract.programs import program
from tests.contract.traces import Trace

RAN: list[str] = []


@headway.job("working.note")
def note(ctx: Context, name: str) -> None:
    """Notes that it was run."""
    RAN.append(name)


@pytest.fixture(autouse=True)
def _nothing_ran() -> None:
    RAN.clear()


def test_the_oldest_of_the_highest_priority_is_first(hw: Headway) -> None:
    """Priority decides, then age."""
    for name, priority in (("a", 0), ("b", 5), ("c", -5), ("d", 5), ("e", 0)):
        hw.submit(note, {"name": name}, priority=priority)
    assert hw.work_until_idle() == 5
    assert RAN == ["b", "d", "a", "e", "c"]


def test_a_worker_takes_only_its_queues(live: Headway) -> None:
    """A job in another queue stays, and says that it waits for a worker."""
    other = live.submit(note, {"name": "day"})
    job = live.submit(note, {"name": "night"}, queue="night")
    with live.worker(slots=2, queues=("night",)):
        assert live.wait(job).state == "completed"
        waiting = live.get(other)
    assert (waiting.state, RAN) == ("pending", ["night"])
    assert waiting.marks["waiting_for"] == "a worker that has 'working.note'"


def test_a_worker_takes_only_the_types_that_it_is_given(live: Headway) -> None:
    """types= narrows what is registered; a name that is not registered is refused."""
    headway.job("working.other")(lambda ctx: None)
    other, job = live.submit("working.other"), live.submit(note, {"name": "a"})
    with live.worker(types=["working.note"]):
        live.wait(job)
        assert live.get(other).state == "pending"
    with pytest.raises(InvalidInput, match=r"working\.missing"):
        live.worker(types=["working.missing"]).start()


def test_a_worker_needs_a_slot(hw: Headway) -> None:
    """slots=0 would wait for ever."""
    with pytest.raises(InvalidInput, match="at least one slot"):
        hw.worker(slots=0)


def test_a_worker_runs_as_many_jobs_at_once_as_it_has_slots(live: Headway) -> None:
    """Three jobs that wait for each other end only where three run at once."""
    together = threading.Barrier(3)
    headway.job("working.meet")(lambda ctx: together.wait() >= 0)
    jobs = live.submit_many("working.meet", [{}] * 3)
    with live.worker(slots=3):
        assert [live.result(job) for job in jobs] == [True] * 3


@pytest.mark.parametrize(("recover", "state"), [(True, "pending"), (False, "interrupted")])
def test_ctrl_c_leaves_the_jobs_at_hand_to_be_gone_on_with(hw: Headway, recover: bool, state: str) -> None:
    """KeyboardInterrupt is no error of a job or of the parent that waits for it: who works in this thread gets it."""

    def child(ctx: Context) -> None:
        ctx.checkpoint({"page": 7})
        raise KeyboardInterrupt

    headway.job("working.child", recover=recover)(child)
    headway.job("working.parent", recover=recover)(lambda ctx: ctx.gather(ctx.spawn("working.child")))
    parent = hw.submit("working.parent")
    with pytest.raises(KeyboardInterrupt):
        hw.work_until_idle()
    [spawned] = hw.jobs(type="working.child")
    assert [hw.get(parent).state, spawned.state] == [state, state]
    assert hw.checkpoint(spawned)["state"] == {"page": 7}


def test_an_error_is_tried_again_as_often_as_the_type_says(trace: Trace, clock: Clock) -> None:
    """Each try backs off to its time; the last error fails the job, and every attempt keeps its own."""
    kind: dict[str, Any] = {"retries": 2}

    def work(ctx: Context) -> None:
        raise ValueError(f"try {ctx.attempt}")

    job = trace.run(work, **kind)
    for attempt in (1, 2):
        waiting = trace.hw.get(job)
        assert (waiting.state, waiting.attempt) == ("pending", attempt)
        assert waiting.marks["waiting_for"].startswith("its time")
        clock.advance(60)
        trace.hw.work_until_idle()
    assert trace.state(job.id) == "failed"
    assert [str(a.error and a.error.message) for a in trace.hw.attempts(job)] == [
        f"ValueError: try {n}" for n in (1, 2, 3)
    ]


def test_pauses_between_tries_grow(trace: Trace, clock: Clock) -> None:
    """From a second they double, each spread by half either way, so that failures do not march in step."""

    def work(ctx: Context) -> None:
        raise ValueError("no route")

    job, pauses = trace.run(work, retries=6), []
    for _ in range(6):
        due = trace.row(job.id).due_at
        assert due
        pauses.append(due - clock.wall())
        clock.advance(100)
        trace.hw.work_until_idle()
    spread = [pause / 2**n for n, pause in enumerate(pauses)]
    assert all(0.5 <= part <= 1.5 for part in spread)
    assert len({round(part, 9) for part in spread}) > 1


def test_a_retry_by_a_person_begins_the_tries_anew(trace: Trace, clock: Clock) -> None:
    """The budget of retries is set back by a person's retry."""

    def work(ctx: Context) -> None:
        raise ValueError("no route")

    job = trace.run(work, retries=1)
    clock.advance(60)
    trace.hw.work_until_idle()
    trace.hw.retry(job)
    trace.hw.work_until_idle()
    assert (trace.state(job.id), trace.row(job.id).retries_used) == ("pending", 1)


def test_what_no_retry_can_mend_fails_at_once(trace: Trace) -> None:
    """A mistake in the use of Headway itself, as a bad value, is not tried again."""
    job = trace.run(lambda ctx: object(), retries=5)
    assert job.error
    assert (job.state, job.error.code, job.attempt) == ("failed", "unstorable", 1)


def test_a_result_after_failed_tries_leaves_no_error(trace: Trace, clock: Clock) -> None:
    """A job that is completed shows no error of its earlier attempts."""

    def work(ctx: Context) -> int:
        if ctx.attempt == 1:
            raise ValueError("no route")
        return ctx.attempt

    job = trace.run(work, retries=1)
    clock.advance(60)
    trace.hw.work_until_idle()
    done = trace.hw.get(job)
    assert (done.state, done.result, done.error) == ("completed", 2, None)


def test_the_deadline_of_a_type_is_that_of_its_jobs(trace: Trace, clock: Clock) -> None:
    """timeout_s of the type counts for jobs that name none."""
    trace.recovers(timeout_s=15)
    job = trace.begin()
    for state in ("running", "failed"):
        clock.advance(10)
        assert trace.beat(job) == ["running"]
        sweeping.sweep(trace.database)
        assert trace.state(job) == state


def test_sixteen_threads_share_one_object(live: Headway) -> None:
    """One Headway may be used by any number of threads, from its first use on."""
    start = threading.Barrier(16)

    def use(thread: int) -> list[int]:
        start.wait()
        numbers = []
        for n in range(10):
            job = live.submit("a", {"thread": thread, "n": n})
            live.pause(job)
            assert live.get(job.number).input == {"thread": thread, "n": n}
            numbers.append(job.number)
        return numbers

    with ThreadPoolExecutor(16) as pool:
        numbers = [number for found in pool.map(use, range(16)) for number in found]
    assert len(set(numbers)) == 160
    assert live.counts() == {"paused": 160}


FORKED = """
import os, sys
from headway import Headway
hw = Headway(sys.argv[1])
hw.submit("before")
child = os.fork()
if not child:
    for _ in range(20):
        hw.submit("child")
    hw.close()
    os._exit(0)
for _ in range(20):
    hw.submit("parent")
assert os.waitpid(child, 0)[1] == 0
hw.submit("after")
hw.close()
"""


def test_a_child_of_a_fork_uses_the_same_object(live: Headway) -> None:
    """Rule of the doors, 28: it connects again after a fork; the parent's connections stay the parent's."""
    with program(FORKED, live.url) as forked:
        assert forked.end() == 0
    found = [job.type for job in live.jobs(limit=100)]
    assert {kind: found.count(kind) for kind in set(found)} == {"before": 1, "child": 20, "parent": 20, "after": 1}


@pytest.mark.usefixtures("beside_the_store")
def test_a_closed_object_can_be_used_again(url: str) -> None:
    """close() gives back connections; the next use opens them again."""
    hw = Headway(url)
    job = hw.submit("a")
    hw.close()
    hw.close()
    assert hw.get(job).id == job.id
    hw.close()


def test_nothing_is_opened_before_the_first_use(tmp_path: Any) -> None:
    """A Headway may stand at the top of a module: it opens no file until it is used."""
    hw = Headway(tmp_path / "jobs.db")
    assert list(tmp_path.iterdir()) == []
    hw.close()


@pytest.mark.usefixtures("beside_the_store")
def test_a_job_of_another_process_is_worked_on(live: Headway) -> None:
    """What one process submits another one runs, and the first sees the result."""
    job = live.submit("working.elsewhere", {"n": 20})
    with program(ELSEWHERE, live.url) as worker:
        assert live.result(job, timeout_s=120) == 41
        worker.say("stop")
        assert worker.end() == 0
    (attempt,) = live.attempts(job)
    assert f"-{worker.pid}-" in attempt.worker


ELSEWHERE = """
import sys
import headway
@headway.job("working.elsewhere")
def work(ctx, n: int) -> int:
    return 2 * n + 1
with headway.Headway(sys.argv[1]) as hw, hw.worker(slots=1):
    sys.stdin.readline()
"""


@pytest.mark.usefixtures("beside_the_store")
def test_a_killed_worker_is_noticed_at_once_on_its_own_host(live: Headway) -> None:
    """Nobody waits for the lease of a process of this machine that is gone: the next sweep finds it."""
    job = live.submit("working.hang")
    with program(HANG, live.url) as worker:
        assert worker.hear() == "at work"
    (moved,) = sweeping.sweep(live._database)
    assert (moved.job, moved.state) == (job.id, "interrupted")
    error = live.attempts(job)[0].error
    assert error
    assert error.code == "lost"


HANG = """
import sys, threading
import headway
@headway.job("working.hang", recover=False)
def work(ctx):
    print("at work", flush=True)
    threading.Event().wait()
with headway.Headway(sys.argv[1]) as hw:
    hw.worker(slots=1).run()
"""


def test_a_worker_of_a_tree_leaves_other_jobs(live: Headway) -> None:
    """Neither what is free nor what stands under the limit of a session is taken."""
    live.create_session("acme")
    others = [live.submit("working.note", {"name": "other"}, session=name) for name in ("default", "acme")]
    mine = live.submit("working.note", {"name": "mine"}, session="acme")
    child = live.submit("working.note", {"name": "child"}, parent=mine)
    live.worker(tree=child).run(until_idle=True)
    assert [live.get(job).state for job in others] == ["pending", "pending"]
    assert [live.get(job).state for job in (mine, child)] == ["completed", "completed"]


def test_a_worker_that_slept_for_days_is_known_again(hw: Headway, clock: Clock, beside_the_store: None) -> None:
    """A worker of a machine that was suspended is forgotten after a day, and enlists again when it goes on."""
    with hw.worker(slots=2, types=["working.note"]):
        for day in "ab":
            clock.advance(2 * 86400)
            while not hw.workers():
                hw.wait(hw.submit(note, {"name": day}))
            (worker,) = hw.workers()
            assert (worker.slots, worker.types) == (2, ["working.note"])
