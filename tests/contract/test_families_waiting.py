"""A parent that waits for its children holds neither slot nor limit, and is stopped like any other job."""

from __future__ import annotations

import asyncio
import threading
from typing import Any

import pytest

import headway
from headway import AsyncContext, Context, Halt, Headway
from headway.errors import StoreUnavailable
from headway.runtime.slots import Slots
from headway.store import claiming, families, keeping, sweeping
from headway.store.contract import CommitUnknown, Database
from headway.store.families import NoPlace
from headway.store.moving import TENANT
from headway.testing import Clock
from tests.contract.traces import TYPE, Trace


@headway.job("waiting.leaf")
def leaf(ctx: Context, n: int = 0) -> int:
    """A child that ends at once."""
    return n


@headway.job("waiting.parent")
def parent(ctx: Context, numbers: list[int]) -> list[Any]:
    """A parent that gathers one child for each number."""
    return ctx.gather(*[ctx.spawn(leaf, {"n": n}) for n in numbers])


class Gate:
    """A child that waits inside until a test lets it through."""

    def __init__(self) -> None:
        self.reached, self.open = threading.Event(), threading.Event()
        self.job = ""

    def __call__(self, ctx: Context) -> str:
        self.job = ctx.job_id
        self.reached.set()
        while not self.open.wait(0.01):  # not ctx.wait_asked(), which moves a test's clock on: leases would run out
            ctx.check()
        return "through"


def _gated(name: str, **spawn: Any) -> Gate:
    """Registers `name` as a parent that gathers one child behind a gate."""
    gate = Gate()
    headway.job(f"{name} child")(gate)
    headway.job(name)(lambda ctx: ctx.gather(ctx.spawn(f"{name} child", **spawn)))
    return gate


def _used(hw: Headway, session: str) -> int:
    """How many places of a session are taken, by its counter and by its rows, which agree."""
    with hw._database.transaction() as transaction:
        (used,) = transaction.connection.execute("SELECT used FROM limits").fetchone()
        held = "state IN ('running', 'pausing', 'cancelling') AND NOT waiting AND limit_key IS NOT NULL"
        (counted,) = transaction.connection.execute(f"SELECT count(*) FROM jobs WHERE {held}").fetchone()  # noqa: S608
    assert used == counted, session
    return int(used)


def test_a_wait_names_what_no_worker_has(hw: Headway) -> None:
    """Rule 14: the mark of a parent that gathers says which type of its children nobody has."""
    headway.job("waiting.for nobody")(lambda ctx: ctx.gather(ctx.spawn("waiting.nobody has it")))
    with hw.worker(slots=1):
        job = hw.submit("waiting.for nobody")
        seen = 0
        while "children" not in (mark := hw.get(job).marks.get("waiting_for", "")):
            seen = hw.changed(seen, 1)
        hw.cancel(job)
    assert mark == "children: 1 pending; no worker has 'waiting.nobody has it'"


def test_a_worker_runs_a_family_while_a_clock_stands(hw: Headway) -> None:
    """A clock that a test moves and a real worker go together: a wait for children needs nobody to move it."""
    with hw.worker(slots=1):
        assert hw.result(hw.submit(parent, {"numbers": [1, 2, 3]})) == [1, 2, 3]


def test_a_worker_is_stopped_while_a_clock_stands(hw: Headway) -> None:
    """Nor does a pause need it: the runner hears of it in real time."""
    gate = _gated("standing clock")
    with hw.worker(slots=1):
        job = hw.submit("standing clock")
        assert gate.reached.wait(120)
        hw.pause(job)
        assert hw.wait(job, until="paused").state == "paused"


def test_parents_in_every_slot_do_not_stop_everything(live: Headway) -> None:
    """Traces 10, G8: two slots, both taken by parents that gather: their children run, over three levels."""
    headway.job("waiting.root")(lambda ctx: ctx.gather(*[ctx.spawn(parent, {"numbers": [n]}) for n in range(3)]))
    with live.worker(slots=2):
        jobs = [live.submit("waiting.root") for _ in range(3)]
        assert [live.result(job, timeout_s=120) for job in jobs] == [[[0], [1], [2]]] * 3


def test_a_session_of_one_place_runs_a_parent_and_its_child(live: Headway) -> None:
    """Traces 10: the child gets the place of its waiting parent, which takes it again before it goes on."""
    session = live.create_session(concurrency=1)
    gate = _gated("waiting.one place")
    job = live.submit("waiting.one place", session=session.id)
    with live.worker(slots=4):
        assert gate.reached.wait(120)
        assert (live.get(job).state, live.get(gate.job).session, _used(live, session.id)) == ("running", session.id, 1)
        gate.open.set()
        assert live.result(job, timeout_s=120) == ["through"]
    assert _used(live, session.id) == 0


def test_a_waiting_parent_says_for_what(live: Headway) -> None:
    """The mark counts the open children by state; once the parent goes on it is gone."""
    gate = _gated("waiting.mark")
    job = live.submit("waiting.mark")
    with live.worker(slots=1):
        assert gate.reached.wait(120)
        assert live.get(job).marks["waiting_for"] == "children: 1 running"
        assert live.jobs(type="waiting.mark")[0].marks == live.get(job).marks
        gate.open.set()
        assert "waiting_for" not in live.wait(job).marks


@pytest.mark.parametrize(("verb", "state"), [("pause", "paused"), ("cancel", "cancelled")])
def test_a_waiting_parent_stops_with_its_children(live: Headway, verb: str, state: str) -> None:
    """G7: a tree verb halts the parent inside its wait, and its child; the limit is free afterwards."""
    session = live.create_session(concurrency=1)
    gate = _gated(f"waiting.{verb}")
    job = live.submit(f"waiting.{verb}", session=session.id)
    with live.worker(slots=1):
        assert gate.reached.wait(120)
        getattr(live, verb)(job)
        assert (live.wait(job, state).state, live.wait(gate.job, state).state) == (state, state)
        assert _used(live, session.id) == 0
        gate.open.set()
        if verb == "pause":
            live.resume(job)
            assert live.result(job, timeout_s=120) == ["through"]
    assert len(live.children(job)) == 1


def test_a_worker_that_stops_leaves_a_waiting_parent_to_others(live: Headway) -> None:
    """The wait ends with its worker; the next worker's attempt finds the child instead of spawning it again."""
    gate = _gated("waiting.shutdown")
    job = live.submit("waiting.shutdown")
    with live.worker(slots=1):
        assert gate.reached.wait(120)
    assert live.get(job).state == "pending"
    gate.open.set()
    with live.worker(slots=1):
        assert live.result(job, timeout_s=120) == ["through"]
    assert [child.id for child in live.children(job)] == [gate.job]


@pytest.mark.parametrize("move", ["pausing", "cancelling"])
def test_no_child_is_spawned_once_a_stop_was_asked(live: Headway, move: str) -> None:
    """Traces 13, rule 9: a spawn after the row says so raises Halt, although the runner has not heard of it yet."""

    def late(ctx: Context) -> None:
        with Headway(live.url) as other:  # whose verb this process is not told of
            (other.pause if move == "pausing" else other.cancel)(ctx.job_id)
            with pytest.raises(Halt):
                ctx.spawn(leaf)
        ctx.check()

    headway.job(f"waiting.{move}")(late)
    job = live.submit(f"waiting.{move}")
    live.work_until_idle()
    assert live.get(job).state == {"pausing": "paused", "cancelling": "cancelled"}[move]
    assert live.children(job) == []


def test_the_fence_of_a_spawn_stands_on_the_row(trace: Trace) -> None:
    """G2: an ended attempt spawns nothing; one that is pausing is told so."""
    job = trace.begin()
    child = keeping.NewJob(id="0" * 36, type=TYPE, name="c", input="{}", parent=job, root=job, spawn_key="k")

    def spawn(attempt: int) -> tuple[families.Fence, Any]:
        return trace.database.write(lambda t: families.spawn(t, child, attempt, trace.database.now()))

    assert spawn(0) == (families.Fence(None), None)
    trace.hw.pause(job)
    assert (spawn(1)[0].state, spawn(1)[1]) == ("pausing", None)
    assert trace.hw.children(job) == []


def test_the_fence_of_a_wait_stands_on_the_row(trace: Trace) -> None:
    """G2: a lost attempt neither begins nor ends the wait of the one that followed it, nor asks for its place."""
    job = trace.begin()
    trace.lose()
    trace.hw.resume(job)
    assert trace.claim(job) == 2
    assert not families.begin_waiting(trace.database, job, 1)
    assert not trace.row(job).waiting
    assert families.begin_waiting(trace.database, job, 2)
    assert not families.end_waiting(trace.database, job, 1)
    families.want_place(trace.database, job, 1)
    assert trace.row(job).waiting
    assert not trace.sql("SELECT wants_place FROM jobs WHERE id = ?", job)[0][0]


def test_a_recount_counts_no_waiting_parent(trace: Trace) -> None:
    """G14: where the sweep puts a wrong count of places right, a parent that waits has none."""
    session = trace.hw.create_session(concurrency=3).id
    waiting, _ = (trace.begin(session=session) for _ in range(2))
    assert families.begin_waiting(trace.database, waiting, 1)
    for wrong in (0, 2, 3):
        trace.sql("UPDATE limits SET used = ?", wrong)
        trace.sql("DELETE FROM meta WHERE name = 'limits_counted'")
        sweeping.sweep(trace.database)
        assert _used(trace.hw, session) == 1


def test_who_goes_on_is_before_new_claims(trace: Trace) -> None:
    """Traces 10: a place that becomes free goes to the parent that waited for it, and not to a new job."""
    session = trace.hw.create_session(concurrency=1).id
    waiting = trace.begin(session=session)
    assert families.begin_waiting(trace.database, waiting, 1)
    other, third = trace.submit(session=session), trace.submit(session=session)
    assert trace.claim_any() == [other]
    with pytest.raises(NoPlace):
        families.end_waiting(trace.database, waiting, 1)
    families.want_place(trace.database, waiting, 1)
    trace.end(other, 1, 1, "finish")
    assert not claiming.anything_ready(trace.database, [("default", TYPE)])
    assert trace.claim_any() == []
    assert families.end_waiting(trace.database, waiting, 1)
    trace.end(waiting, 1, 1, "finish")
    assert trace.claim_any() == [third]


def test_a_parent_that_is_lost_gives_its_place_back_once(trace: Trace) -> None:
    """G14: what a waiting parent has given back is not given back again when its lease runs out."""
    session = trace.hw.create_session(concurrency=2).id
    lost, other = trace.begin(session=session), trace.begin(session=session)
    assert families.begin_waiting(trace.database, lost, 1)
    assert _used(trace.hw, session) == 1
    trace.make(lost, "sweep", "lose")
    assert _used(trace.hw, session) == 1
    trace.end(other, 1, 1, "finish")
    trace.make(lost, "sweep", "resume")
    assert trace.claim(lost) == 2
    assert _used(trace.hw, session) == 1
    assert not trace.row(lost).waiting


def test_a_wait_keeps_the_lease_and_the_attempt(trace: Trace) -> None:
    """Rule 4: the runner goes on renewing its lease; nobody else can take the job meanwhile."""
    job = trace.begin()
    assert families.begin_waiting(trace.database, job, 1)
    assert (trace.beat(job), trace.claim_any(), trace.row(job).attempt) == (["running"], [], 1)
    rows = trace.database.read("family", tenant=TENANT, parent=job)
    assert list(rows) == []


class Losing:
    """A database whose first COMMIT is not answered. made: whether it happened all the same."""

    def __init__(self, database: Database, made: bool) -> None:
        self._database, self._made, self._lost = database, made, False

    def __getattr__(self, name: str) -> Any:
        return getattr(self._database, name)

    def write(self, work: Any, ring: bool = True) -> Any:
        if not self._lost:
            self._lost = True
            if self._made:
                self._database.write(work, ring)
            raise CommitUnknown("The connection broke.")
        return self._database.write(work, ring)


@pytest.mark.parametrize("made", [True, False])
def test_a_lost_answer_changes_a_place_once(trace: Trace, made: bool) -> None:
    """G14: where the answer to a COMMIT is lost, the row tells whether the place was given back or taken."""
    session = trace.hw.create_session(concurrency=1).id
    job = trace.begin(session=session)
    for change, used in ((families.begin_waiting, 0), (families.end_waiting, 1)):
        assert change(Losing(trace.database, made), job, 1)
        assert (_used(trace.hw, session), bool(trace.row(job).waiting)) == (used, used == 0)


@pytest.mark.parametrize("made", [True, False])
@pytest.mark.parametrize("change", ["begin_waiting", "end_waiting"])
def test_a_wait_outlasts_an_outage(
    live: Headway, monkeypatch: pytest.MonkeyPatch, beside_the_store: None, change: str, made: bool
) -> None:
    """G12: a database that is away as a wait begins or ends is asked again; no job goes on without its place."""
    real, failures = getattr(families, change), [StoreUnavailable("gone for a moment")]

    def once(*given: Any) -> bool:
        changed = bool(real(*given)) if made or not failures else False
        if failures:
            raise failures.pop()
        return changed

    monkeypatch.setattr(families, change, once)
    session = live.create_session(concurrency=1).id
    found = []

    def work(ctx: Context) -> list[Any]:
        results = ctx.gather(ctx.spawn(leaf, {"n": 1})) + ctx.gather(ctx.spawn(leaf, {"n": 2}))
        found.append((_used(live, session), live.get(ctx.job_id).marks))
        return results

    headway.job("waiting.outlasts")(work)
    with live.worker(slots=1):
        assert live.result(live.submit("waiting.outlasts", session=session), timeout_s=120) == [1, 2]
    assert found == [(1, {})]


@pytest.mark.parametrize("made", [True, False])
def test_a_lost_answer_spawns_one_child(hw: Headway, made: bool) -> None:
    """G4: a spawn is simply made again, and finds the child of its key."""
    with hw.tracked("Spawns", show=False) as ctx:
        ctx._office.database = Losing(hw._database, made)
        child = ctx.spawn(leaf)
        ctx._office.database = hw._database
    assert [one.id for one in hw.children(ctx.job_id)] == [child.id]


def test_beyond_its_threads_a_wait_is_put_off(monkeypatch: pytest.MonkeyPatch) -> None:
    """Traces 10: threads are not slots, so only so many may wait beside them; the others return one by one."""
    monkeypatch.setattr("headway.runtime.slots.MOST_WAITING", 1)
    slots = Slots(3, lambda: None, Clock())
    first, second, third = (slots.take("a") for _ in range(3))
    assert first.lend() is None
    sooner, later = second.lend(), third.lend()
    assert sooner is not None
    assert later is not None
    assert sooner < later
    assert slots.waiting_kinds(1) == {"a"}
    assert first.take_back(lambda: False)
    assert (slots.lent, slots.waiting_kinds(1)) == (0, frozenset())


def test_whoever_is_put_off_in_vain_stays_away_longer(monkeypatch: pytest.MonkeyPatch) -> None:
    """Rule 4: parents that return are before their children, so they stay away longer until somebody got on."""
    monkeypatch.setattr("headway.runtime.slots.MOST_WAITING", 0)
    clock = Clock()
    slots, away = Slots(2, lambda: None, clock), list[float | None]()
    other = slots.take("b")
    for ended in (False, False, True, False):
        slot = slots.take("a")
        away.append(slot.lend())
        slot.leave()
        if ended:
            other.leave()
        clock.advance(60)
    assert away == [2, 4, 8, 2]


@pytest.mark.parametrize("parent", ["spawns", "recurs"])
def test_more_parents_than_may_wait_do_not_stand_still(
    live: Headway, monkeypatch: pytest.MonkeyPatch, parent: str
) -> None:
    """Rule 4, S4.26: where no more may wait beside the slots, others go back to the queue and say what for."""
    monkeypatch.setattr("headway.runtime.slots.MOST_WAITING", 2)
    monkeypatch.setattr("headway.runtime.slots.AWAY_S", 0.1)
    marks: list[str] = []

    def look() -> None:
        marks.extend(one.marks["waiting_for"] for one in live.jobs(state="pending", type=parent) if one.due_at)

    @headway.job("bottom")
    def bottom(ctx: Context) -> int:
        look()
        return 1

    @headway.job("spawns")
    def spawns(ctx: Context) -> int:
        return int(ctx.gather(ctx.spawn(bottom))[0])

    @headway.job("recurs")
    def recurs(ctx: Context, below: int = 2) -> int:
        look()
        below_it = ctx.spawn(recurs, {"below": below - 1}) if below else ctx.spawn(bottom)
        return int(ctx.gather(below_it)[0])

    ids = live.submit_many(parent, [{}] * 7)
    with live.worker(slots=1):
        assert [live.result(one, timeout_s=240) for one in ids] == [1] * 7
    assert parent == "spawns" or any(mark.startswith("children: ") for mark in marks)


def test_threads_go_when_a_wave_of_waits_is_over(live: Headway) -> None:
    """Traces 10: a worker has as many threads as slots again once nobody waits."""

    @headway.job("inner")
    def inner(ctx: Context) -> None: ...

    @headway.job("outer")
    def outer(ctx: Context) -> None:
        ctx.gather(ctx.spawn(inner))

    ids = live.submit_many("outer", [{}] * 12)
    with live.worker(slots=2) as worker:
        for one in ids:
            live.wait(one, timeout_s=120)
        while len(worker._threads) > 2:
            threading.Event().wait(0.01)


def test_a_slot_goes_to_who_lent_it_before_new_work() -> None:
    """Who wants a slot back is before jobs that were claimed already; one that gives up wants none any more."""
    slots = Slots(1, lambda: None, Clock())
    order: list[str] = []

    def begin() -> None:
        slots.take("a")
        order.append("new")

    slots.wanted = 1
    new = threading.Thread(target=begin)
    new.start()
    while new.is_alive() and not slots._changed._waiters:  # type: ignore[attr-defined]
        threading.Event().wait(0.001)
    order.append("given up")
    slots.wanted = 0
    slots.look()
    new.join()
    assert order == ["given up", "new"]


def test_two_waits_of_a_job_share_its_slot(live: Headway) -> None:
    """Traces 10: a wait that ends does not take the slot that the children of another wait need."""
    gate = Gate()
    headway.job("waiting.shared child")(gate)

    async def shared(ctx: AsyncContext) -> Any:
        second, first = await ctx.spawn("waiting.shared child"), await ctx.spawn(leaf, {"n": 1}, priority=1)

        async def open_after_the_first() -> None:
            await ctx.gather(first)
            gate.open.set()

        return (await asyncio.gather(ctx.gather(second), open_after_the_first()))[0]

    headway.job("waiting.shared")(shared)
    job = live.submit("waiting.shared")
    with live.worker(slots=1):
        assert live.result(job, timeout_s=120) == ["through"]


def test_an_async_parent_gathers_and_its_other_tasks_go_on(live: Headway) -> None:
    """spawn and gather are awaited; two waits at once share one slot, and the event loop is free meanwhile."""

    async def awaiting(ctx: AsyncContext) -> list[Any]:
        ticks = 0

        async def tick() -> None:
            nonlocal ticks
            while True:
                ticks += 1
                await asyncio.sleep(0)

        ticking = asyncio.create_task(tick())
        children = [await ctx.spawn(leaf, {"n": n}) for n in range(4)]
        found = await asyncio.gather(ctx.gather(*children[:2]), ctx.gather(*children[2:]))
        ticking.cancel()
        return [*found, ticks > 10]

    headway.job("waiting.async")(awaiting)
    job = live.submit("waiting.async")
    with live.worker(slots=1):
        assert live.result(job, timeout_s=120) == [[0, 1], [2, 3], True]


def test_an_async_wait_can_be_given_up(live: Headway) -> None:
    """A task that is cancelled while it gathers ends with its slot taken again; the child goes on."""
    gate = Gate()
    headway.job("waiting.given up child")(gate)

    async def impatient(ctx: AsyncContext) -> str:
        child = await ctx.spawn("waiting.given up child")
        wait = asyncio.create_task(ctx.gather(child))
        while not gate.reached.is_set():
            await asyncio.sleep(0.01)
        wait.cancel()
        gate.open.set()
        with pytest.raises(asyncio.CancelledError):
            await wait
        return "went on"

    headway.job("waiting.given up")(impatient)
    job = live.submit("waiting.given up")
    with live.worker(slots=1):
        assert live.result(job, timeout_s=120) == "went on"
        assert live.wait(gate.job, timeout_s=120).state == "completed"


def test_a_block_gathers_too(live: Headway) -> None:
    """A block of this process spawns and waits; workers do the children, and a pause in place is survived."""
    gate = _gated("waiting.unused")
    with live.worker(slots=1), live.tracked("Block", show=False) as ctx:
        child = ctx.spawn("waiting.unused child")
        done: list[Any] = []
        control = threading.Thread(target=_pause_and_resume, args=(live, ctx, gate))
        control.start()
        done += ctx.gather(child)
        control.join()
    assert (done, live.get(ctx.job_id).state, live.get(ctx.job_id).attempt) == (["through"], "completed", 2)


def _pause_and_resume(hw: Headway, ctx: Context, gate: Gate) -> None:
    assert gate.reached.wait(120)
    hw.pause(ctx.job_id, scope="job")
    hw.wait(ctx.job_id, "paused", timeout_s=120)
    hw.resume(ctx.job_id, scope="job")
    gate.open.set()


def test_until_idle_leaves_a_family_that_waits_for_others(live: Headway) -> None:
    """A worker that runs until it is idle does not wait for children that it has no type for, over any levels."""
    headway.job("waiting.middle")(lambda ctx: ctx.gather(ctx.spawn("waiting.nobody has it")))
    headway.job("waiting.top")(lambda ctx: ctx.gather(ctx.spawn("waiting.middle"), ctx.spawn(leaf, {"n": 1})))
    job = live.submit("waiting.top")
    other = live.submit(parent, {"numbers": [1, 2]})
    live.worker(slots=2).run(until_idle=True)
    assert live.get(other).result == [1, 2]
    assert [child.state for child in live.children(job)] == ["pending", "completed"]
    assert live.get(job).state == "pending"
