"""Sessions side by side under fire: each sees its own configuration and limit, and no limit is ever exceeded."""

from __future__ import annotations

import os
import random
import threading
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from types import TracebackType
from typing import Self

import pytest

import headway
from headway import Conflict, Headway, IllegalMove, Job, NotFound, SessionBusy
from tests.faults import checks
from tests.faults.child import Child
from tests.faults.database import run
from tests.faults.limits_watcher import Watcher

SECONDS = float(os.environ.get("HEADWAY_LIMITS_S") or 6)
"""How long sessions are under fire at least; 60 for the long run."""
THREADS = 16
LIMITS = {"left": (1, 2, 3), "right": (4, 5, 6)}
"""The concurrencies of two sessions: whoever sees a number knows whose it is."""
FULL = {f"session:{session}" for session in LIMITS}
ROUNDS = 25
"""Sessions that are made and closed in a race."""
CLAIMERS, PROCESSES = 4, 4
"""Sixteen claimers, in processes that can be killed."""


@headway.job("faults.looking")
def looking(ctx: headway.Context) -> object:
    """What a job sees of its session, before and after a while."""
    before = (ctx.session, ctx.config, ctx.concurrency)
    ctx.sleep(0.01)
    after = (headway.current_session(), ctx.config, ctx.concurrency)
    return [*before, before == after]


class Fire:
    """Saves, starts and submits from many threads; `done` counts what was taken and what was refused."""

    def __init__(self, hw: Headway, seed: int) -> None:
        self.hw = hw
        self.seed = seed
        self.over = threading.Event()
        self.done: Counter[str] = Counter()
        self._lock = threading.Lock()

    @property
    def enough(self) -> bool:
        """Whether each verb was taken at least once."""
        return all(self.done[f"{verb} taken"] for verb in ("_save", "_start", "_submit"))

    def shoot(self, n: int) -> None:
        """One thread: bound to one session, it acts on both."""
        dice = random.Random(self.seed + n)
        with headway.use_session("left" if n % 2 else "right"):
            while not self.over.is_set():
                session, verb = dice.choice(list(LIMITS)), dice.choice([self._save, self._save, self._start])
                verb = self._submit if dice.random() < 0.02 else verb
                try:
                    verb(session, dice)
                    outcome = "taken"
                except SessionBusy:
                    outcome = "busy"
                with self._lock:
                    self.done[f"{verb.__name__} {outcome}"] += 1
                self.over.wait(dice.uniform(0, 0.02))

    def _save(self, session: str, dice: random.Random) -> None:
        config = {"whose": session, "n": dice.random()}
        self.hw.save_session(session, config, concurrency=dice.choice(LIMITS[session]))

    def _start(self, session: str, dice: random.Random) -> None:
        self.hw.start_session(session, concurrency=dice.choice([None, *LIMITS[session]]))

    def _submit(self, session: str, dice: random.Random) -> None:
        """More than may run; but a session that is never empty could not be saved."""
        if self.hw.session(session).open_jobs > 2:
            raise SessionBusy("there is enough in it")
        self.hw.submit_many(looking, [{}] * 8, session=session)


@pytest.mark.timeout(int(SECONDS) + 300)
def test_sessions_side_by_side_never_mix(url: str, dice: random.Random) -> None:
    """S2.1, S2.22, S2.32, G14: no job ever sees the other's configuration or limit, whatever is saved and started."""
    with Headway(url) as hw:
        for session, most in LIMITS.items():
            hw.create_session(session, {"whose": session, "n": 0}, looking, most[0])
        fire = Fire(hw, dice.randrange(1 << 30))
        with Watcher(url) as watcher, hw.worker(slots=12, types=["faults.looking"]):
            with ThreadPoolExecutor(THREADS) as pool:
                shots = [pool.submit(fire.shoot, n) for n in range(THREADS)]
                fire.over.wait(SECONDS)
                while not (fire.enough and watcher.full == FULL) and not any(shot.done() for shot in shots):
                    fire.over.wait(0.05)
                fire.over.set()
                for shot in shots:
                    shot.result(60)
            jobs = list(hw.jobs(type=looking, limit=1000).all())
            saves = {name: {one.version: one.config for one in hw.session_versions(name).all()} for name in LIMITS}
            for job in jobs:
                _saw_its_own(hw.wait(job, timeout_s=60), saves[job.session])
        print(f"{len(jobs)} jobs, {watcher.looks} looks, {dict(fire.done)}")
        assert watcher.wrong == []
        assert watcher.full == FULL
        assert fire.enough
        assert _used(url) == {0}
        checks.counted_right(hw)
    checks.sound(url)


def _saw_its_own(job: Job, saves: dict[int, dict[str, object]]) -> None:
    """The job saw the version of the configuration that it was submitted with, and a number of its own session."""
    assert job.state == "completed", job
    assert job.config_version is not None
    session, config, concurrency, steady = job.result
    assert (session, config, steady) == (job.session, saves[job.config_version], True)
    assert concurrency in LIMITS[session]


def test_the_limit_holds_while_claimers_are_killed_and_jobs_paused(url: str, dice: random.Random) -> None:
    """T16, G14, G8: 16 claimers, kill and pause at random; no more run than may, and in the end none holds a place."""
    with Headway(url) as hw:
        for session, most in (("narrow", 3), ("wide", 7)):
            hw.create_session(session, concurrency=most)
        with Watcher(url) as watcher, Claimers(url) as claimers:
            jobs = [
                job
                for session, n in (("narrow", 80), ("wide", 180))
                for job in hw.submit_many("faults.limited", [{"seconds": 0.2}] * n, session=session)
            ]
            for _ in range(PROCESSES):
                _trouble(hw, jobs, dice)
                claimers.replace(dice.randrange(PROCESSES))
            _trouble(hw, jobs, dice)
            ends = Counter(_brought_to_its_end(hw, job) for job in jobs)
        print(f"{dict(ends)}, {watcher.looks} looks")
        assert watcher.wrong == []
        assert watcher.full == {"session:narrow", "session:wide"}
        assert ends["completed"] > len(jobs) // 2
        assert _used(url) == {0}
        checks.counted_right(hw)
    checks.sound(url)


def test_no_job_slips_into_a_session_that_is_closed(url: str) -> None:
    """S2.11, S2.32: of a submit and a close at the same moment one is refused, and so of two that create it."""
    with Headway(url) as hw, Headway(url) as other, ThreadPoolExecutor(4) as callers:
        for n in range(ROUNDS):
            name, together = f"s{n}", threading.Barrier(4)
            made = [callers.submit(_together, together, verbs.create_session, name) for verbs in (hw, other)]
            idle = [callers.submit(_together, together, hw.session, "default") for _ in range(2)]
            assert sorted(future.result(60) is None for future in made) == [False, True]
            assert all(future.result(60) for future in idle)
            acts = [lambda: hw.close_session(name), *([lambda: other.submit("x", session=name)] * 3)]  # noqa: B023
            closed, *submitted = [callers.submit(_together, together, act) for act in acts]
            jobs = [future.result(60) for future in submitted]
            assert (closed.result(60) is None) == any(jobs)
            assert hw.counts(name).get("pending", 0) == sum(job is not None for job in jobs)


def _together(barrier: threading.Barrier, verb: Callable[..., object], *given: object) -> object | None:
    """What the verb returns when all call at once; None where it is refused."""
    barrier.wait(60)
    try:
        return verb(*given)
    except (Conflict, NotFound):
        return None


class Claimers:
    """Processes of several claimers each."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._stack = ExitStack()
        self._children: list[Child] = []

    def __enter__(self) -> Self:
        self._children = [self._begin() for _ in range(PROCESSES)]
        for child in self._children:
            child.line("working")
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stack.close()

    def replace(self, n: int) -> None:
        """Kills one of the processes, and puts another in its place."""
        self._children[n].kill()
        self._children[n] = self._begin()
        self._children[n].line("working")

    def _begin(self) -> Child:
        return self._stack.enter_context(Child("tests.faults.limits_main", self._url, CLAIMERS))


def _trouble(hw: Headway, jobs: list[str], dice: random.Random) -> None:
    """Pauses, resumes and cancels some jobs; some of them are over, and refuse."""
    verbs: list[Callable[[str], object]] = [hw.pause, hw.pause, hw.resume, hw.resume, hw.cancel]
    for job in dice.sample(jobs, 12):
        try:
            dice.choice(verbs)(job)
        except IllegalMove:
            continue


def _brought_to_its_end(hw: Headway, job: str) -> str:
    """The state in which a job ends; a paused one is resumed, since nobody else would."""
    seen = 0
    while not (found := hw.get(job)).ended:
        if found.state == "paused":
            hw.resume(job)
        seen = hw.changed(seen, 0.05)
    return found.state


def _used(url: str) -> set[int]:
    return {int(used) for (used,) in run(url, "SELECT used FROM limits")}
