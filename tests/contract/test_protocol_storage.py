"""What storage and concurrency once got wrong (B16 to B29 of the protocol's paper), each held as a rule.

Not here: B19 is in test_verbs.py, B21 and B25 are figures of the benchmarks or wait for limits of sessions, B23 waits
for a second release, B28 for users.
"""

from __future__ import annotations

import os
import random
import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from headway import Ambiguous, Context, Headway, IllegalMove, NotFound
from headway.errors import KeyReused
from headway.model.moves import MOVES
from headway.runtime.outbox import Outbox
from headway.runtime.recorder import Recorder
from headway.store import moving, reporting, retention, sweeping
from headway.store.moving import Change
from headway.store.reporting import Report
from headway.store.sqlite import turn
from headway.testing import Clock
from tests.contract.programs import program
from tests.contract.traces import Trace
from tests.faults.database import somebody_holds

DAY_S = 86_400


def _step(name: str, weight: float = 1.0) -> dict[str, Any]:
    return {
        "name": name, "position": 1, "state": "running", "weight": weight, "optional": False, "started_at": 1.0,
        "ended_at": None, "result": None, "error": None,
    }  # fmt: skip


def test_one_bad_value_fails_alone(trace: Trace) -> None:
    """B16: a batch that the database refuses for its content is split; the culprit fails, the others are stored."""
    recorder = Recorder(trace.database, trace.clock, "w1")
    jobs = [trace.begin(queue=f"lane {n}") for n in range(5)]
    boxes = [Outbox(job, 1, threading.current_thread()) for job in jobs]
    for n, box in enumerate(boxes):
        recorder.open(box, background=False)
        box.step(_step("copy", weight=-1.0 if n == 2 else 1.0))
    recorder.flush()
    recorder.flush()
    assert [trace.state(job) for job in jobs] == ["running", "running", "failed", "running", "running"]
    assert [len(trace.hw.steps(job)) for job in jobs] == [1, 1, 0, 1, 1]
    error = trace.hw.get(jobs[2]).error
    assert error
    assert error.code == "unstorable"


def test_two_attempts_of_one_job_get_answers_of_their_own(trace: Trace) -> None:
    """B16: a batch that holds a lost attempt and its successor answers each by job and attempt."""
    job = trace.begin()
    trace.lose()
    trace.hw.resume(job)
    trace.claim(job)
    said = [Report(job=job, attempt=attempt, serial=1, progress='{"done":1}') for attempt in (1, 2)]
    answers = reporting.report(trace.database, said)
    assert {key: answer.accepted for key, answer in answers.items()} == {(job, 1): False, (job, 2): True}


@pytest.mark.parametrize("order", [(1, 2), (2, 1)])
@pytest.mark.parametrize("move", ["finish", "fail", "leave"])
def test_of_two_attempts_that_end_in_one_batch_the_living_one_does(
    trace: Trace, order: tuple[int, int], move: str
) -> None:
    """B16: a process that slept past its lease and took the job again ends it as the attempt that holds it."""
    job = trace.begin()
    trace.lose()
    trace.hw.resume(job)
    trace.claim(job)
    ends = {n: Change(job=job, actor="runner", move=move, attempt=n, serial=2, result=str(n)) for n in order}
    said = [Report(job=job, attempt=n, serial=1, end=end) for n, end in ends.items()]
    answers = reporting.report(trace.database, said)
    assert {key: answer.accepted for key, answer in answers.items()} == {(job, 1): False, (job, 2): True}
    assert trace.hw.get(job).result == 2
    assert [one.outcome for one in trace.hw.attempts(job)] == ["lose", move]


def test_writers_in_opposite_orders_meet_no_deadlock(trace: Trace) -> None:
    """B17: batches lock their rows in one order, so writers of the same hundred jobs never see an error."""
    jobs = trace.hw.submit_many("trace", [{}] * 100)
    for _ in jobs:
        trace.claim_any()

    def write(order: list[str]) -> None:
        for serial in range(1, 21):
            said = [Report(job=job, attempt=1, serial=None, progress=f'{{"done":{serial}}}') for job in order]
            reporting.report(trace.database, said)

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(write, [jobs, jobs[::-1]]))
    assert {trace.row(job).version for job in jobs} == {trace.row(jobs[0]).version}


def test_moves_in_opposite_orders_meet_no_deadlock(trace: Trace) -> None:
    """B17: the same for moves, as those of a tree verb beside those of the sweep."""
    jobs = trace.hw.submit_many("trace", [{}] * 50)

    def move(order: list[str]) -> None:
        for _ in range(10):
            for verb in ("pause", "resume"):
                changes = [Change(job=job, actor="user", move=verb) for job in order]

                def work(transaction: Any, changes: list[Change] = changes) -> None:
                    transaction.lock([change.job for change in changes])
                    moving.apply(transaction, changes, 1.0)

                trace.database.write(work)

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(move, [jobs, jobs[::-1]]))
    assert {trace.state(job) for job in jobs} <= {"pending", "paused"}


WRITER = """
import sys
from headway import Headway
with Headway(sys.argv[1]) as hw:
    hw.jobs()
    print("ready", flush=True)
    sys.stdin.readline()
    for n in range(200):
        hw.submit(sys.argv[2])
"""


def test_two_writing_processes_come_to_their_ends(live: Headway) -> None:
    """B18: while both write back to back, neither is refused, and nothing of either is lost."""
    with program(WRITER, live.url, "first") as first, program(WRITER, live.url, "second") as second:
        assert (first.hear(), second.hear()) == ("ready", "ready")
        first.say("go")
        second.say("go")
        assert (first.end(), second.end()) == (0, 0)
    assert Counter(job.type for job in live.jobs(limit=1000)) == {"first": 200, "second": 200}


@pytest.mark.parametrize("url", ["sqlite"], indirect=True)
def test_who_is_in_line_writes_next(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """B18: whoever writes back to back keeps nobody out: who waits has its turn before the next write of the other."""
    monkeypatch.setattr(turn, "LINE_S", 120.0)  # who stands still in line would be passed by after that
    monkeypatch.setattr(turn, "PATIENCE_S", 120.0)
    with Headway(url) as busy, Headway(url) as other, ThreadPoolExecutor(1) as pool:
        busy.jobs()
        other.jobs()
        for _ in range(20):
            with busy._database.transaction():
                waiting = pool.submit(other.submit, "other")
                while not somebody_holds(f"{url}.next"):
                    os.sched_yield()
            next_write = busy.submit("busy")
            assert waiting.result().number < next_write.number


def test_counts_equal_the_rows(trace: Trace, monkeypatch: pytest.MonkeyPatch) -> None:
    """B20: after any history the counts by state are exactly those of the rows, folded or not."""
    monkeypatch.setattr(sweeping, "CHUNK", 100)
    chance, jobs = random.Random(20), trace.hw.submit_many("trace", [{}] * 20)
    for n in range(150):
        job = chance.choice(jobs)
        rows = [row for row in MOVES if row.source == trace.state(job) and row.move != "claim"]
        if rows:
            row = chance.choice(rows)
            trace.make(job, row.by, row.move)
        if n % 10 == 0:
            trace.claim_any()
            sweeping.sweep(trace.database)
        if n % 40 == 0 and trace.hw.get(jobs[-1]).ended:
            trace.hw.delete(jobs.pop())
    counted = dict(trace.sql("SELECT state, count(*) FROM jobs WHERE deleted_at IS NULL GROUP BY state"))
    assert trace.hw.counts() == counted
    assert trace.hw.counts(session="default.yaml") == counted


def test_numbers_have_no_gaps(live: Headway) -> None:
    """B22, G10: moves, control, steps, warnings and log lines share one counter: 1, 2, 3, ... whoever speaks."""
    with live.tracked("many voices", show=False) as ctx:
        job = ctx.job_id

        def speak(n: int) -> None:
            for line in range(100):
                (ctx.warn if line % 10 == 0 else ctx.log)(f"voice {n} line {line}")
                ctx.progress(add=1)
            ctx.step(f"step {n}", int)

        with ThreadPoolExecutor(8) as pool:
            speaking = [pool.submit(speak, n) for n in range(8)]
            for _ in range(10):
                with pytest.raises(IllegalMove):
                    live.retry(job)
            for done in speaking:
                done.result()
    numbers = [event.seq for event in live.events(job, 1000).all()]
    assert numbers == list(range(1, live.get(job).events + 1))
    assert len(numbers) == 3 + 8 * (100 + 2) + 10


def test_progress_is_not_history(trace: Trace) -> None:
    """B22: progress and items raise the version of the row, and no number of the history."""
    job = trace.begin()
    before = trace.row(job)
    for serial in range(1, 6):
        trace.report(job, 1, serial, progress=f'{{"done":{serial}}}')
    assert (trace.row(job).seq, trace.row(job).version) == (before.seq, before.version + 5)


@pytest.mark.parametrize("state", ["pending", "running", "pausing", "paused", "interrupted", "cancelling"])
def test_what_is_open_is_not_deleted(trace: Trace, state: str) -> None:
    """B24: only what is over can go."""
    job = trace.reach(state)
    with pytest.raises(IllegalMove, match="can not be deleted") as refused:
        trace.hw.delete(job)
    assert refused.value.state == state
    assert trace.state(job) == state


def test_what_has_open_children_is_not_deleted(trace: Trace) -> None:
    """B24: a parent stays while a child of it is open."""
    parent = trace.reach("completed")
    child = trace.submit(parent=parent)
    with pytest.raises(IllegalMove, match="below it is pending"):
        trace.hw.delete(parent)
    trace.hw.cancel(child)
    assert trace.hw.delete(parent).id == parent


def test_a_deleted_job_is_found_by_no_id(trace: Trace) -> None:
    """B24: a deleted job answers to none of its ids, is in no list, and no verb reaches it."""
    job = trace.hw.get(trace.reach("failed", external_id="gui-17", context_id="vm-7"))
    trace.hw.delete(job)
    for any_id in (job, job.id, job.number, "gui-17", "vm-7", job.id[-8:]):
        with pytest.raises(NotFound):
            trace.hw.get(any_id)
    with pytest.raises(NotFound):
        trace.hw.retry(job)
    assert trace.hw.jobs() == []


def test_a_deleted_job_goes_in_chunks(trace: Trace, monkeypatch: pytest.MonkeyPatch) -> None:
    """B24: its rows go a chunk at a time, the job's own last, and nothing of it is left."""
    monkeypatch.setattr(retention, "CHUNK", 10)
    monkeypatch.setattr(retention, "ROUNDS", 1)
    job = trace.begin(external_id="gui-17", labels={"a": "b"})
    trace.report(job, 1, 1, logs=[str(n) for n in range(25)], steps=[_step("copy")])
    trace.end(job, 1, 2, "finish")
    trace.hw.delete(job)
    left = []
    while trace.sql("SELECT id FROM jobs"):
        left.append(trace.sql("SELECT count(*) FROM logs")[0][0])
        sweeping.sweep(trace.database)
    assert left == [25, 15, 5]
    for count in LEFT:
        assert trace.sql(count)[0][0] == 0


LEFT = (
    "SELECT count(*) FROM events",
    "SELECT count(*) FROM steps",
    "SELECT count(*) FROM aliases",
    "SELECT count(*) FROM labels",
    "SELECT count(*) FROM attempts",
)


def test_the_same_key_and_request_is_the_same_job(hw: Headway) -> None:
    """B26, G12: submit repeated with its idempotency key gives the job of the first time."""
    first = hw.submit("a", {"n": 1}, idempotency_key="k")
    again = hw.submit("a", {"n": 1}, idempotency_key="k")
    assert (again.id, len(hw.jobs())) == (first.id, 1)


@pytest.mark.parametrize(
    "other", [{"type": "b"}, {"input": {"n": 2}}, {"priority": 5}, {"labels": {"a": "b"}}], ids=str
)
def test_the_same_key_with_another_request_is_refused(hw: Headway, other: dict[str, Any]) -> None:
    """B26, G12: a key stands for one request; the refusal names the job that it became."""
    first = hw.submit("a", {"n": 1}, idempotency_key="k")
    with pytest.raises(KeyReused) as refused:
        hw.submit(**{"type": "a", "input": {"n": 1}, "idempotency_key": "k", **other})
    assert (refused.value.job_id, len(hw.jobs())) == (first.id, 1)


def test_a_race_with_one_key_makes_one_job(url: str) -> None:
    """B26: of eight submits at once with one key, all get the same job."""
    with Headway(url) as hw, ThreadPoolExecutor(8) as pool:
        hw.jobs()
        start = threading.Barrier(8)

        def submit(_: int) -> str:
            start.wait()
            return hw.submit("a", {"n": 1}, idempotency_key="k").id

        assert len(set(pool.map(submit, range(8)))) == 1
        assert len(hw.jobs()) == 1


def test_a_key_is_kept_for_a_day(hw: Headway, clock: Clock) -> None:
    """B26: within 24 hours the key is known, after them it is new."""
    first = hw.submit("a", idempotency_key="k")
    clock.advance(DAY_S - 1)
    assert hw.submit("a", idempotency_key="k").id == first.id
    clock.advance(2)
    assert hw.submit("a", idempotency_key="k").id != first.id


def test_a_key_of_a_deleted_job_says_so(hw: Headway) -> None:
    """B26: the key of a job that was deleted is not taken for a new one in silence."""
    job = hw.submit("a", idempotency_key="k")
    hw.cancel(job)
    hw.delete(job)
    with pytest.raises(NotFound, match="deleted"):
        hw.submit("a", idempotency_key="k")


def test_the_newest_job_of_an_alias_wins(hw: Headway) -> None:
    """B27: external and context ids are not unique; each means the newest job that has it."""
    *_, newest = [hw.submit("a", external_id="night", context_id="vm-7") for _ in range(3)]
    assert hw.get("night").id == hw.get("vm-7").id == newest.id


def test_an_id_with_many_jobs_hides_no_other(hw: Headway) -> None:
    """B27, rule 10: however many jobs a context has, an older external id of the same text is not overlooked."""
    older = hw.submit("a", external_id="vm-7")
    for _ in range(25):
        hw.submit("a", context_id="vm-7")
    with pytest.raises(Ambiguous):
        hw.get("vm-7")
    assert hw.get("external:vm-7").id == older.id


def test_one_job_by_several_rules_is_not_ambiguous(hw: Headway) -> None:
    """B27: the order is id, external, context, number, last characters; found_by names the first that fits."""
    job = hw.submit("a", external_id="night", context_id="night")
    assert (hw.get("night").id, hw.get("night").found_by) == (job.id, "external")


def test_two_jobs_by_different_rules_are_ambiguous(hw: Headway) -> None:
    """B27: an external id 1 beside job number 1 is not guessed; the error names both exact forms, which work."""
    first, second = hw.submit("a"), hw.submit("a", external_id="1")
    assert first.number == 1
    with pytest.raises(Ambiguous, match=r"external:1 is job .* number:1 is job") as refused:
        hw.get("1")
    assert sorted(refused.value.candidates) == sorted([("external", second.id), ("number", first.id)])
    assert hw.get("number:1").id == first.id
    assert hw.get("external:1").id == second.id


def test_a_verb_does_not_guess(hw: Headway) -> None:
    """B27: what is ambiguous for a look is ambiguous for a verb too, and changes neither job."""
    jobs = [hw.submit("a"), hw.submit("a", external_id="1")]
    with pytest.raises(Ambiguous):
        hw.cancel("1")
    assert {hw.get(job).state for job in jobs} == {"pending"}


def test_a_deadline_counts_active_time_alone(trace: Trace) -> None:
    """B29: time in the queue, in a back off, paused and interrupted does not count."""
    job = trace.submit(timeout_s=100)
    trace.clock.advance(1000)
    for attempt, leave in enumerate(("back_off", "halt", "leave"), 1):
        trace.claim(job)
        trace.clock.advance(20)
        if leave == "halt":
            trace.hw.pause(job)
        trace.end(job, attempt, 1, leave)
        trace.clock.advance(1000)
        if leave != "back_off":
            trace.hw.resume(job)
    assert trace.row(job).active_s == pytest.approx(60, abs=5)
    trace.claim(job)
    for state in ("running", "failed"):
        trace.clock.advance(25)
        assert trace.beat(job) == ["running"]
        sweeping.sweep(trace.database)
        assert trace.state(job) == state


def test_a_lost_attempt_was_active_until_its_last_heartbeat(trace: Trace) -> None:
    """B29: what nobody knows of, from the last heartbeat to the end of the lease, is counted nowhere."""
    job = trace.begin()
    trace.clock.advance(10)
    assert trace.beat(job)
    trace.lose()
    assert trace.row(job).active_s == pytest.approx(10, abs=5)
    (attempt,) = trace.hw.attempts(job)
    assert attempt.ended_at
    assert (attempt.ended_at - attempt.started_at).total_seconds() == pytest.approx(10, abs=5)


@pytest.mark.parametrize("said", ["log", "checkpoint"])
def test_what_a_lost_runner_said_after_its_last_heartbeat_counts(trace: Trace, said: str) -> None:
    """B29: a report is a sign of life as well; what a person asks is none."""
    job = trace.begin()
    trace.clock.advance(10)
    state = {"kind": "state", "name": "", "value": "{}", "saved_at": trace.database.now()}
    told: dict[str, Any] = {"log": {"logs": ["at work"]}, "checkpoint": {"checkpoints": [state]}}
    trace.report(job, 1, 1, **told[said])
    trace.clock.advance(10)
    trace.hw.pause(job)
    trace.lose()
    assert trace.row(job).active_s == pytest.approx(10, abs=5)


def test_a_job_that_says_nothing_moves_no_row(trace: Trace) -> None:
    """Rule 8: an attempt with nothing to say costs nothing between its heartbeats."""

    def work(ctx: Context) -> None:
        before = trace.row(ctx.job_id)
        trace.hw._office.recorder.flush()
        assert trace.row(ctx.job_id) == before

    assert trace.run(work).state == "completed"
