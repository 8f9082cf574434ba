"""The verbs that find jobs and read what belongs to them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from headway.errors import Deleted, NotFound
from headway.model.job import Artifact, Attempt, Checkpoint, Event, Job, LogMatches, Page, Step, Worker
from headway.model.steps import JobProgress, counted, standing
from headway.model.value import decode
from headway.store import claiming, families, keeping, records, undos, workspaces
from headway.store.moving import TENANT
from headway.store.records import JobRow
from headway.tracker import asking, ordering, selecting
from headway.tracker.asking import Labels
from headway.tracker.connection import AnyId, Connection, TypeOrFunction
from headway.tracker.lookup import find

MOST_COUNTED = 100_000
"""Jobs of a state that are counted one by one; where no query narrows them, their number is known."""
A_SLOT = "a free slot of a worker"
"""What a job waits for that is due, and has a place and a worker."""


class Reading(Connection):
    """Get, list, and read every part of a job."""

    _known_workers: tuple[float, list[Worker]] = (0.0, [])

    def get(self, any_id: AnyId) -> Job:
        """The job that an id means; `found_by` says by which rule. Raises NotFound, Ambiguous, InvalidInput."""
        rule, row = find(self._database, any_id)
        return self._jobs([row], rule)[0]

    def jobs(
        self, *, state: str | Sequence[str] | None = None, type: TypeOrFunction | None = None,
        session: str | None = None, category: str | None = None, context_id: str | None = None,
        labels: Labels | Sequence[Labels] | None = None, text: str | None = None, active: bool | None = None,
        parent: AnyId | None = None, root: AnyId | None = None, ids: Sequence[str] | None = None,
        q: str | None = None, sort: str = ordering.DEFAULT, limit: int = 50, after: str | None = None,
    ) -> Page[Job]:  # fmt: skip
        """Jobs that fit every filter given, a page at a time.

        state: one or several; active: True for open jobs, False for ended ones. labels: a mapping asks for all of
        its labels (4 at most), a list as a value for any of these values, a list of mappings for jobs that fit any of
        them. text: part of name, type, id or the error's message, or a whole external or context id. parent: any id of
        the job above; root: of the one at the top of a tree, for all below it; ids: whole ids, 100 at most. q: a query,
        such as "state:failed,paused type:import -label.site:a words". sort: "-created" (the newest first), "created",
        "-ended" (open jobs, then those that ended last), "-started" (what has not started, then what started last).
        Texts are looked for in so many jobs at once: a page may be short, or empty, and still have a `next`. Raises
        InvalidInput, BadQuery.
        """
        states, limit, sort = asking.states(state), asking.limit(limit), ordering.checked(sort)
        filters: dict[str, Any] = {
            "type": None if type is None else self._type_name(type), "session": asking.session(session),
            "category": category, "context_id": context_id,
        }  # fmt: skip
        filters = {name: None if value is None else asking.text(value, name) for name, value in filters.items()}
        filters |= {
            "parent": None if parent is None else self.get(parent).id, "active": active or None,
            "root": None if root is None else self.get(root).id, "ids": selecting.ids(ids),
            "ended": (active is False) or None, "text": None if asking.pattern(text) is None else text, "state": states,
        }  # fmt: skip
        ways = selecting.ways(filters, labels, selecting.query(q), self._resolve)
        place = None if after is None else asking.text(after, "after")
        rows, more = ordering.page(self._database, ways, sort, limit, place)

        def following(cursor: str) -> Page[Job]:
            return self.jobs(
                state=state, type=type, session=session, category=category, context_id=context_id, labels=labels,
                text=text, active=active, parent=parent, root=root, ids=ids, q=q, sort=sort, limit=limit, after=cursor,
            )  # fmt: skip

        return Page(self._jobs(rows), more, following)

    def counts(self, session: str | None = None, q: str | None = None) -> dict[str, int]:
        """How many jobs are in each state; with a query how many fit it, counted to 100,000 in each.

        Texts are looked for in the newest 100,000 jobs. Raises InvalidInput, BadQuery.
        """
        asked, session = selecting.query(q), asking.session(session)
        if asked is None:
            return keeping.counts(self._database, session)
        ways = selecting.ways({"session": session}, None, asked, self._resolve)
        return ordering.counts(self._database, ways, MOST_COUNTED)

    def _resolve(self, any_id: str) -> str:
        return find(self._database, any_id)[1].id

    def events(self, any_id: AnyId, limit: int = 50, after: int = 0, logs: bool = True) -> Page[Event]:
        """The history of a job after event number `after`, oldest first. logs: with the log lines."""
        job = self.get(any_id).id
        found = keeping.events(self._database, job, asking.number(after, "after"), asking.limit(limit) + 1, logs)
        more = str(found[limit - 1].seq) if len(found) > limit else None
        return Page(found[:limit], more, lambda cursor: self.events(f"id:{job}", limit, int(cursor), logs))

    def logs(self, any_id: AnyId, limit: int = 50, after: int = 0, levels: Sequence[str] | None = None) -> Page[Event]:
        """The log lines of a job after number `after`, oldest first. levels: only these."""
        job, asked = self.get(any_id).id, asking.levels(levels)
        found = keeping.logs(self._database, job, asking.number(after, "after"), asking.limit(limit) + 1, asked)
        more = str(found[limit - 1].seq) if len(found) > limit else None
        return Page(found[:limit], more, lambda cursor: self.logs(f"id:{job}", limit, int(cursor), levels))

    def log_matches(
        self, any_id: AnyId, text: str | None = None, levels: Sequence[str] | None = None, limit: int = asking.MOST,
        after: int = 0,
    ) -> LogMatches:  # fmt: skip
        """Where in the log of a job a text stands, whatever the case of its ASCII letters: the numbers of the lines.

        levels: only these. limit: numbers in one answer, 10,000 at most; `total` counts them all. Raises InvalidInput.
        """
        job, wanted = self.get(any_id).id, asking.levels(levels)
        search = keeping.Search(asking.pattern(text), asking.stored_pattern(text), wanted)
        begin, most = asking.number(after, "after"), asking.limit(limit)
        total, found = keeping.log_matches(self._database, job, search, begin, most)
        return LogMatches(total=total, matches=found, next=str(found[-1]) if len(found) == most else None)

    def last_logs(self, any_id: AnyId, limit: int = 10) -> list[Event]:
        """The newest log lines of a job, oldest first."""
        return keeping.last_logs(self._database, self.get(any_id).id, asking.limit(limit))

    def steps(self, any_id: AnyId) -> list[Step]:
        """The steps of a job, planned ones included, in order. One that was cut off is planned again."""
        return self._steps(self.get(any_id))

    def progress(self, any_id: AnyId) -> JobProgress:
        """How far a job is, by any id: its percentage, its steps counted, how long it has run, when it last did
        anything. The numbers are those that every other door shows.
        """
        rule, row = find(self._database, any_id)
        job = self._jobs([row], rule)[0]
        end = self._database.now() if row.ended_at is None else row.ended_at
        return JobProgress(
            job_id=job.id, state=job.state, percent=job.progress.percent if job.progress else None,
            steps=counted(self._steps(job), job.state), started_at=job.started_at,
            last_activity=records.moment(keeping.last_activity(self._database, row)),
            runtime_s=0.0 if row.started_at is None else max(0.0, end - row.started_at), progress=job.progress,
        )  # fmt: skip

    def _steps(self, job: Job) -> list[Step]:
        return [standing(step, job) for step in keeping.steps(self._database, job.id)]

    def attempts(self, any_id: AnyId, limit: int = 50, after: int = 0) -> Page[Attempt]:
        """The attempts at a job, first one first."""
        job = self.get(any_id).id
        found = keeping.attempts(self._database, job, asking.number(after, "after"), asking.limit(limit) + 1)
        more = str(found[limit - 1].attempt) if len(found) > limit else None
        return Page(found[:limit], more, lambda cursor: self.attempts(f"id:{job}", limit, int(cursor)))

    def checkpoint(self, any_id: AnyId) -> dict[str, Any]:
        """What a job has saved to go on from: its state, and the cursor of each loop."""
        saved = keeping.checkpoints(self._database, self.get(any_id).id)
        decoded = {key: decode(value) for key, value in saved.items()}
        cursors = {name: value for (kind, name), value in decoded.items() if kind == "cursor"}
        return {"state": decoded.get(("state", ""), {}), "cursors": cursors}

    def checkpoints(self, any_id: AnyId) -> list[Checkpoint]:
        """The same as checkpoint(), entry by entry: when it was saved, by which attempt, and how large it is."""
        return keeping.checkpoints_told(self._database, self.get(any_id).id)

    def artifacts(self, any_id: AnyId) -> list[Artifact]:
        """The files that a job has handed over, by name, without their content."""
        return keeping.artifacts(self._database, self.get(any_id).id)

    def artifact(self, any_id: AnyId, name: str) -> bytes:
        """The content of a file that a job handed over. Raises NotFound."""
        job = self.get(any_id)
        rows = self._database.read("artifact_of", tenant=TENANT, job=job.id, name=asking.text(name, "name"))
        if not rows:
            kept = [one.name for one in keeping.artifacts(self._database, job.id)]
            raise NotFound(f"Job {job.number} has no artifact {name[:80]!r}; it has {', '.join(kept) or 'none'}.")
        return bytes(rows[0][0])

    def workers(self) -> list[Worker]:
        """The workers that were seen within the last half minute, newest first."""
        return claiming.workers(self._database)

    def _by_id(self, identity: str) -> Job:
        row = keeping.by_id(self._database, identity)
        if row is None:
            raise Deleted(f"Job {identity} was deleted.")
        return self._jobs([row])[0]

    def _jobs(self, rows: Sequence[JobRow], rule: str | None = None) -> list[Job]:
        ids = keeping.external_ids(self._database, [row.id for row in rows]) if rows else {}
        now = self._database.now()
        limits = workspaces.limits(self._database, [row.limit_key for row in rows if row.state == "pending"])
        waits, standing = families.waits(self._database, rows, self._has_worker), undos.standing(self._database, rows)
        return [
            records.job_of(
                row, ids.get(row.id, {}), now, waits.get(row.id) or self._waiting_for(row, limits), rule,
                standing.get(row.id),
            )
            for row in rows
        ]  # fmt: skip

    def _waiting_for(self, row: JobRow, limits: Mapping[str, workspaces.Limit]) -> str | None:
        """What keeps a pending job that is due: a place of its session, a worker with its type, or a free slot."""
        if row.state != "pending":
            return None
        if (place := workspaces.for_a_place(row, limits)) is not None:
            return place
        if row.outside:
            return f"its own program, which begins {row.type!r} again under its external id"
        return A_SLOT if self._has_worker(row.type, row.queue) else f"a worker that has {row.type!r}"

    def _look_for_workers(self) -> list[Worker]:
        """Who is there now, whatever is known from the last second."""
        workers = claiming.workers(self._database)
        self._known_workers = (self._clock.boot(), workers)
        return workers

    def _has_worker(self, kind: str, queue: str) -> bool:
        """Whether a worker that was seen lately takes jobs of a type from a queue."""
        at, workers = self._known_workers
        if self._clock.boot() - at > 1.0 or not at:
            workers = self._look_for_workers()
        return any(kind in one.types and queue in one.queues and one.stopped_at is None for one in workers)
