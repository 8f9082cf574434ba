"""The job type `headway.bulk`: one verb for many jobs, each once, with what became of it as an item of a ledger."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from typing import Any

from headway.errors import Ambiguous, Conflict, Deleted, IllegalMove, InvalidInput, NotFound, NotSupported
from headway.model.job import Job
from headway.runtime.context import Context
from headway.runtime.item import ItemAtHand
from headway.runtime.ledger import LONGEST_KEY, Ledger
from headway.runtime.registry import REGISTRY, JobType
from headway.store import keeping, ledgers, records
from headway.store.records import JobRow
from headway.tracker import bulk, submission
from headway.tracker.bulk import BACK, BULK, Request
from headway.tracker.caller import CALLER, Caller

LEDGER = "jobs"
PAGE = 1000
AT_ONCE = 4
"""Jobs that are asked at the same time."""
TOLD = 20
"""Newcomers that are told by number."""
LATELY = 50
"""Events of a job in which its last move is looked for."""
NOT_MOVES = ("restart", "delete", "pin", "unpin")


def do_for_many(
    ctx: Context, verb: str, ids: list[str | int] | None = None, q: str | None = None, reason: str | None = None,
    up_to: str | int | None = None, of: str | int | None = None,
) -> dict[str, Any]:  # fmt: skip
    """Does a verb with many jobs: what matches now is recorded first, then each is asked once."""
    asked = bulk.request({"verb": verb, "ids": ids, "q": q, "reason": reason, "up_to": up_to, "of": of})
    many = Many(ctx, asked)
    if of is not None:
        many.choose(many.taken_back(of))
        return many.act()
    ctx.plan({"choose": 5, asked.verb: 90, "look again": 5})
    with ctx.phase("choose", expect_silence_s=600):
        many.choose(many.named() if asked.ids is not None else many.matching())
    if asked.verb in BACK:
        ctx.undo(BULK, {"verb": BACK[asked.verb], "of": ctx.job_id})
    with ctx.phase(asked.verb):
        told = many.act()
    with ctx.phase("look again", expect_silence_s=600):
        return {**told, "newcomers": many.newcomers()}


class PassedOver(Exception):
    """A job is skipped, for the reason that the message says."""


class Many:
    """The jobs of one bulk job."""

    def __init__(self, context: Context, asked: Request) -> None:
        self._context = context
        self._asked = asked
        self._verbs = context.headway
        self._database = self._verbs._database
        self._jobs: Ledger = context.items(LEDGER)
        self._caller = Caller(f"{BULK} {context.job.number}", submission.host())

    def choose(self, pages: Iterator[tuple[list[tuple[str, Any]], str]]) -> None:
        """Records which jobs are meant, once: a later attempt goes on behind the last page that is stored."""
        for members, place in () if self._context.state.get("chosen") == "all" else pages:
            self._jobs.add_many(members)
            self._context.checkpoint(chosen=place)
        self._context.checkpoint(chosen="all")

    def matching(self) -> Iterator[tuple[list[tuple[str, Any]], str]]:
        """What a query finds now. What comes later is none of it."""
        last = None if self._asked.up_to is None else self._verbs.get(self._asked.up_to).id
        after: str | None = self._context.state.get("chosen")
        while True:
            page = self._verbs.jobs(q=self._asked.q, limit=PAGE, after=after)
            meant = [job for job in page if job.id != self._context.job_id and (last is None or job.id <= last)]
            yield [_member(job) for job in meant], page.next or "all"
            if page.next is None:
                return
            after = page.next

    def named(self) -> Iterator[tuple[list[tuple[str, Any]], str]]:
        """The jobs that ids mean; an id that means none is recorded too, with what is wrong with it."""
        given, begun = self._asked.ids or [], int(self._context.state.get("chosen", 0))
        for first in range(begun, len(given), PAGE):
            members = [self._found(one) for one in given[first : first + PAGE]]
            yield [one for one in members if one[0] != self._context.job_id], str(first + PAGE)

    def taken_back(self, of: str | int) -> Iterator[tuple[list[tuple[str, Any]], str]]:
        """What another bulk job has done."""
        other, after = self._verbs.get(of).id, self._context.state.get("chosen")
        while items := keeping.items(self._database, other, LEDGER, after, PAGE, state="done"):
            after = items[-1].key
            yield [(item.key, item.value) for item in items], after

    def act(self) -> dict[str, Any]:
        """Asks each job that is left; what became of all."""
        counts = self._context.map(self._ask, self._jobs, concurrency=AT_ONCE)
        return {"done": counts.done, "skipped": counts.skipped, "failed": counts.failed}

    def newcomers(self) -> dict[str, Any]:
        """Jobs that match and were not there, or did not match, when the others were recorded: how many, and some."""
        count, numbers = 0, list[int]()
        page = None if self._asked.q is None else self._verbs.jobs(q=self._asked.q, limit=PAGE)
        while page is not None:
            new = self._unknown(list(page))
            count += len(new)
            numbers += [job.number for job in new][: TOLD - len(numbers)]
            self._context.check()
            page = None if page.next is None else self._verbs.jobs(q=self._asked.q, limit=PAGE, after=page.next)
        if count:
            listed = ", ".join(map(str, numbers)) + (", ..." if count > len(numbers) else "")
            self._context.warn(f"{count} jobs match since this one began, and were left alone: {listed}")
        return {"count": count, "numbers": numbers}

    def _unknown(self, jobs: list[Job]) -> list[Job]:
        """Those that are not in the ledger, and that this job has not brought about itself."""
        of = {job.id: job.restarted_from or job.rollback_of for job in jobs}
        keys = [*of, *(one for one in of.values() if one is not None)]
        known = ledgers.named(self._database, self._context.job_id, self._jobs.name, keys)
        return [job for job in jobs if {job.id, of[job.id]}.isdisjoint({*known, self._context.job_id})]

    def _found(self, given: str | int) -> tuple[str, Any]:
        try:
            return _member(self._verbs.get(given))
        except (NotFound, Ambiguous, InvalidInput) as problem:
            return _key(str(given)), {"missing": str(problem)}

    def _ask(self, item: ItemAtHand) -> dict[str, Any] | None:
        """One job. Asked again after a crash it is known by its history that it was asked before."""
        token = CALLER.set(self._caller)
        try:
            return self._moved(item)
        except PassedOver as why:
            item.skip(str(why))
        except (IllegalMove, Conflict, NotSupported) as refused:
            if not self._was_asked(item.key):
                item.skip(str(refused))
        except Deleted:
            if self._asked.verb != "delete":
                item.skip("It was deleted.")
        finally:
            CALLER.reset(token)
        return None

    def _moved(self, item: ItemAtHand) -> dict[str, Any]:
        verb, value = self._asked.verb, item.value or {}
        if "missing" in value:
            raise PassedOver(value["missing"])
        row = keeping.by_id(self._database, item.key)
        if row is None:
            raise Deleted(f"Job {item.key} was deleted.")
        if verb not in NOT_MOVES and verb not in records.moves_of(row):
            raise self._verbs._refused(row, verb)
        if verb in ("pin", "unpin") and bool(row.pinned) == (verb == "pin"):
            raise PassedOver(f"Job {row.number} ({row.name}) is {'' if row.pinned else 'not '}pinned already.")
        return {"from": row.state, **self._do(row)}

    def _do(self, row: JobRow) -> dict[str, Any]:
        verb, reason, job = self._asked.verb, self._asked.reason, f"id:{row.id}"
        if verb == "delete":
            self._verbs.delete(job)
            return {}
        if verb == "restart":
            key = f"{BULK}:{self._context.job_id}:{row.id}"
            return {"became": self._verbs.restart(job, reason, idempotency_key=key).number}
        moved: Job = getattr(self._verbs, verb)(job, reason)
        return {"became": moved.number} if verb == "rollback" else {"to": moved.state}

    def _was_asked(self, job: str) -> bool:
        """Whether its last moves are due to this job: to an attempt that was killed, or to the job above it."""
        row = keeping.by_id(self._database, job)
        last = 0 if row is None else row.seq
        found = keeping.events(self._database, job, max(0, last - LATELY), LATELY, logs=False)
        told = [event for event in found if event.kind == "move" and event.name == self._asked.verb]
        return any(event.data.get("via") == self._caller.via for event in told)


def _member(job: Job) -> tuple[str, Any]:
    return job.id, {"number": job.number, "name": job.name}


def _key(given: str) -> str:
    """An id that means no job, as the key of an item: what is too long for one is told by its beginning."""
    told = given.encode()
    return (given or "?") if len(told) <= LONGEST_KEY else f"{given[:100]}... {hashlib.sha256(told).hexdigest()[:16]}"


REGISTRY.add(JobType(name=BULK, function=do_for_many, recover=True))
