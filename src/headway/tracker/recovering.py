"""The verbs that tell what waits for a person, and the rules by which jobs go on without one."""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from headway.errors import InvalidInput, NotFound
from headway.model import recovery
from headway.model.failure import cause_of
from headway.model.job import Job
from headway.model.recovery import (
    ASIDE,
    CAUSES,
    STATE_OF,
    LastRecovery,
    Recoverable,
    Recovery,
    RecoveryRule,
    SideEffect,
    Stop,
)
from headway.store import records, stopped, undos
from headway.store.records import JobRow
from headway.store.stopped import Place
from headway.tracker import asking, submission
from headway.tracker.connection import TypeOrFunction
from headway.tracker.failing import Failing, error_of_rollback

MOST = 500
"""Jobs of the longest page, and interrupted ones that are told of by what stopped them."""
COUNTED = 100_000
"""Of the jobs that wait in a state no more are counted."""


class Recovering(Failing):
    """What waits for a person, and rules for types that need none."""

    def recovery(
        self, cause: str | Sequence[str] | None = None, *, session: str | None = None, since: datetime | None = None,
        limit: int = 50, after: str | None = None,
    ) -> Recovery:  # fmt: skip
        """The jobs that wait for a person: interrupted, paused, failed, with a failed rollback; each newest stop first.

        cause: only these (crash, restart, lost worker, left, paused, failed, rollback failed); since: only what stopped
        then or later.
        What recovers by itself is not among them. A page has 500 jobs at most, and with `cause` perhaps fewer than
        asked for although there are more; `next` is the cursor of the one after it. Raises InvalidInput.
        """
        wanted = asking.causes(cause)
        session, begin = asking.session(session), asking.moment(since, "since")
        state, place = _place(after)
        most = min(asking.limit(limit), MOST)
        rows = stopped.waiting(self._database, "interrupted", MOST + 1, session, begin, None)
        told = self._told(rows[:MOST])
        page, following = self._waiting(wanted, session, begin, most, state, place)
        causes = Counter[str](one.cause for one in told)
        for other in ("paused", "failed", "rollback failed"):
            causes[other] = stopped.count(self._database, STATE_OF[other], session, begin, COUNTED)
        return Recovery(
            jobs=page, next=following, causes={one: causes[one] for one in CAUSES if causes[one]},
            stops=list(_stops(told)), safe=sum(one.safe for one in told), more=len(rows) > MOST,
            last=self._last_recovery(),
        )  # fmt: skip

    def recovery_rules(self) -> list[RecoveryRule]:
        """The types whose interrupted jobs go on by themselves because a person said so."""
        return [_rule(kind, made_at, told) for kind, made_at, told in stopped.rules(self._database)]

    def add_recovery_rule(self, type: TypeOrFunction, reason: str | None = None) -> RecoveryRule:
        """From now on interrupted jobs of a type go on by themselves, whatever its code says; those that wait, too.

        Each tells in its history that the rule resumed it. One that was lost three times without new durable progress
        fails all the same. Jobs of programs that are no workers are left to these. Raises InvalidInput.
        """
        kind, now = submission.a_type(self._type_name(type)), self._database.now()
        told = submission.why(reason, self._via)
        self._database.write(lambda transaction: stopped.add_rule(transaction, kind, now, told))
        return _rule(kind, now, told)

    def remove_recovery_rule(self, type: TypeOrFunction) -> None:
        """Takes a rule back: interrupted jobs of the type wait for a person again, unless its code says otherwise.

        Raises NotFound where there is none.
        """
        kind = submission.a_type(self._type_name(type))
        if not self._database.write(lambda transaction: stopped.remove_rule(transaction, kind)):
            known = ", ".join(repr(rule.type) for rule in self.recovery_rules()[:10]) or "none"
            raise NotFound(f"There is no rule for jobs of {kind!r}. Types that have one: {known}.")

    def _waiting(
        self, wanted: Sequence[str], session: str | None, since: float | None, most: int, state: str,
        place: Place | None,
    ) -> tuple[list[Recoverable], str | None]:  # fmt: skip
        """A page of those that wait, state by state, and where the next one begins."""
        states = list(dict.fromkeys(STATE_OF[one] for one in CAUSES))
        asked = {STATE_OF[one] for one in wanted}
        found: list[Recoverable] = []
        for one in states[states.index(state) :]:
            if one not in asked:
                continue
            if len(found) == most:
                return found, f"{one}::"
            begin = place if one == state else None
            rows = stopped.waiting(self._database, one, most - len(found) + 1, session, since, begin)
            more, rows = rows[most - len(found) :], rows[: most - len(found)]
            found += [told for told in self._told(rows) if told.cause in wanted]
            if more:
                return found, f"{one}:{rows[-1].state_since!r}:{rows[-1].id}"
        return found, None

    def _told(self, rows: Sequence[JobRow]) -> list[Recoverable]:
        if rows and rows[0].state == "rollback_failed":
            return self._told_of_rollbacks(rows)
        recorded = stopped.recorded(self._database, rows)
        effects = stopped.effects(self._database, [row.id for row in rows])
        now = self._database.now()
        self._look_for_workers()
        return [
            self._one(row, job, recorded[row.id], _with_children(effects[row.id], recorded[row.id].children), now)
            for row, job in zip(rows, self._jobs(rows), strict=True)
            if row.id in recorded
        ]

    def _one(
        self, row: JobRow, job: Job, known: stopped.StoppedRow, effects: list[SideEffect], now: float
    ) -> Recoverable:
        last = None if job.progress is None else job.progress.last_progress_at
        stored = stopped.checkpoint_at(row, known, last)
        has_worker = row.outside or self._has_worker(row.type, row.queue)
        facts = stopped.facts(
            row, known, stored, bool(effects), now, has_worker, bool(job.external_ids), self._misfit(row)
        )
        cause, text = recovery.cause(job.state, facts)
        resumable, why = recovery.judged(job, facts)
        return Recoverable(
            job=job, cause=cause, cause_text=text, lost_at=records.known_moment(stopped.lost_at(row, known, stored)),
            checkpoint_at=records.moment(stored), kept=facts.kept,
            repeats=recovery.repeats(job, facts), side_effects=effects,
            changed=recovery.changed(facts), resumable=resumable, why=why,
            verb="retry" if job.state == "failed" else "resume",
            safe=job.state == "interrupted" and resumable == "yes",
            other_input=job.state == "failed" and not job.outside and cause_of(job.error).of_input,
        )  # fmt: skip

    def _told_of_rollbacks(self, rows: Sequence[JobRow]) -> list[Recoverable]:
        effects = stopped.effects(self._database, [row.id for row in rows])
        self._look_for_workers()
        return [
            self._rolled_back_in_part(row, job, effects[row.id])
            for row, job in zip(rows, self._jobs(rows), strict=True)
        ]

    def _rolled_back_in_part(self, row: JobRow, job: Job, effects: list[SideEffect]) -> Recoverable:
        rollback, left = undos.unfinished(self._database, row.id)
        error = error_of_rollback(rollback)
        missing = left and not self._has_worker(left[0].type, row.queue)
        doubts = [
            "The undo that failed runs again, also where it has done some of its work.", cause_of(error).again or "",
            f"No worker that is alive has {left[0].type!r}: it will wait for one." if missing else "",
        ]  # fmt: skip
        return Recoverable(
            job=job, cause="rollback failed", cause_text=error.message, lost_at=records.known_moment(row.state_since),
            repeats=recovery.left_undone(len(left), row.undos), side_effects=effects, changed=[],
            resumable="with care", why=" ".join(doubt for doubt in doubts if doubt), verb="rollback",
        )  # fmt: skip

    def _last_recovery(self) -> LastRecovery | None:
        found = stopped.gone_on(self._database)
        if not found:
            return None
        newest = found[0][0]
        states = {job: state for at, job, state in found if newest - at <= ASIDE}
        return LastRecovery(at=records.known_moment(newest), jobs=len(states), states=dict(Counter(states.values())))


def _rule(kind: str, made_at: float, told: Mapping[str, Any]) -> RecoveryRule:
    return RecoveryRule(
        type=kind, made_at=records.known_moment(made_at), who=told.get("who"), reason=told.get("reason")
    )


def _with_children(effects: list[SideEffect], children: int) -> list[SideEffect]:
    return [*effects, *([SideEffect(kind="children", name="children", count=children)] if children else [])]


def _stops(told: Sequence[Recoverable]) -> Iterator[Stop]:
    """Interrupted jobs by what stopped them; those that stopped within a minute of each other together."""
    for cause, alike in itertools.groupby(sorted(told, key=_by_cause), key=lambda one: one.cause):
        group: list[Recoverable] = []
        for one in alike:
            if group and (one.lost_at - group[-1].lost_at).total_seconds() > ASIDE:
                yield _stop(cause, group)
                group = []
            group.append(one)
        yield _stop(cause, group)


def _by_cause(one: Recoverable) -> Any:
    return one.cause, one.lost_at


def _stop(cause: recovery.Cause, group: Sequence[Recoverable]) -> Stop:
    texts = {one.cause_text for one in group}
    text = texts.pop() if len(texts) == 1 else recovery.SEVERAL[cause]
    return Stop(cause=cause, text=text, at=group[-1].lost_at, jobs=len(group), safe=sum(one.safe for one in group))


def _place(after: Any) -> tuple[str, Place | None]:
    """Where a page begins. Raises InvalidInput."""
    if after is None:
        return "interrupted", None
    state, _, rest = asking.text(after, "after").partition(":")
    at, _, job = rest.partition(":")
    try:
        place = Place(float(at), job) if rest != ":" else None
    except ValueError:
        place, state = None, ""
    if state not in STATE_OF.values():
        raise InvalidInput(f"after={after!a:.60}: expected the cursor that a page of recovery ends with.")
    return state, place
