"""The verbs of sessions: workspaces with a versioned configuration, and a limit of how many of their jobs run."""

from __future__ import annotations

import secrets
import shlex
from collections.abc import Mapping
from typing import Any

import msgspec

from headway.errors import Conflict, InvalidInput, SessionBusy
from headway.model.job import Job, Page, Session, SessionVersion
from headway.store import keeping, records, workspaces
from headway.store.contract import CommitUnknown, Transaction
from headway.store.records import JobRow
from headway.store.workspaces import DEFAULT, Save, Workspace
from headway.tracker import asking, submission, workspace
from headway.tracker.connection import TypeOrFunction
from headway.tracker.submitting import Submitting


class Sessions(Submitting):
    """Create, read, save, start, close."""

    def create_session(
        self, id: str | None = None, config: Mapping[str, Any] | None = None,
        job_type: TypeOrFunction | None = None, concurrency: int = 10, *, owner: str | None = None,
        idle_s: float | None = None, keep_s: float | None = None,
    ) -> Session:  # fmt: skip
        """Makes a session; without an id it gets one that nobody can guess.

        job_type: what start launches. concurrency: how many of its jobs run at once, at every moment. idle_s: it is
        closed when it has had no open job and nobody has used it for so many seconds; keep_s: its ended jobs go after
        so many. A closed session can be made again; its versions are numbered on. Raises InvalidInput, Unstorable,
        and Conflict where there is one with that id.
        """
        identity = f"session-{secrets.token_hex(16)}" if id is None else workspace.session_id(id)
        kind = self._launched_type(job_type)
        author = submission.who() if owner is None else asking.text(owner, "owner")[: submission.LONGEST_NAME]
        most = workspace.concurrency(concurrency)
        idle = workspace.idle(identity, workspace.span(idle_s, "idle_s"))
        keep = workspace.span(keep_s, "keep_s")
        first = Save(workspace.config_text(identity, config), most, kind, author, None)

        def work(transaction: Transaction) -> None:
            workspaces.lock(transaction, identity)
            if not workspaces.create(transaction, identity, first, idle, keep, self._database.now()):
                raise Conflict(f"There is a session {identity!r} already. Save it, or give the new one another id.")
            self._refuse_while_running(transaction, identity)

        self._database.write(work)
        return self.session(identity)

    def session(self, id: str) -> Session:
        """The session with that id; "default" is "default.yaml". Raises NotFound, InvalidInput."""
        identity = workspace.session_id(id)
        return records.session_of(workspaces.require(self._database, identity))

    def sessions(self, limit: int = 50, after: str | None = None) -> Page[Session]:
        """The sessions that are not closed, by id; the default session is one of them."""
        cursor = None if after is None else asking.text(after, "after")
        found = workspaces.page(self._database, cursor, asking.limit(limit) + 1)
        more = found[limit - 1].id if len(found) > limit else None
        return Page([records.session_of(row) for row in found[:limit]], more, lambda after: self.sessions(limit, after))

    def session_versions(self, id: str, limit: int = 50, after: str | int | None = None) -> Page[SessionVersion]:
        """The saves of a session, newest first. after: the number of a version, to go on with older ones."""
        identity = self.session(id).id
        found = workspaces.versions(self._database, identity, asking.cursor(after), asking.limit(limit) + 1)
        saves = [records.version_of(row) for row in found[:limit]]
        more = str(saves[-1].version) if len(found) > limit else None
        return Page(saves, more, lambda after: self.session_versions(identity, limit, after))

    def save_session(
        self, id: str, config: Mapping[str, Any], version: int | None = None, note: str | None = None,
        concurrency: int | None = None, *, job_type: TypeOrFunction | None = None, if_changed: bool = False,
        owner: str | None = None, idle_s: float | None = None, keep_s: float | None = None,
    ) -> Session:  # fmt: skip
        """Stores a configuration as the next version; jobs keep the version that they were submitted with.

        version: refused with Conflict where it is not the current one. note: what the save was for. concurrency,
        job_type, owner, idle_s and keep_s change with it where they are given; idle_s and keep_s of 0 end what they
        say. if_changed: what is there already is not saved once more, and then nothing is refused. Raises SessionBusy
        while the session runs, NotFound, InvalidInput, Unstorable.
        """
        identity = workspace.session_id(id)
        expected = None if version is None else asking.number(version, "version")
        most = None if concurrency is None else workspace.concurrency(concurrency)
        told, kind = workspace.note(note), self._launched_type(job_type)
        whose = None if owner is None else asking.text(owner, "owner")[: submission.LONGEST_NAME]
        idle = workspace.idle(identity, workspace.changed_span(idle_s, "idle_s"))
        keep = workspace.changed_span(keep_s, "keep_s")

        def work(transaction: Transaction) -> None:
            known = self._locked(transaction, identity)
            text = workspace.config_text(identity, config, known.config)
            given = Save(
                text, most or known.concurrency, kind or known.job_type, submission.who(), told, whose, idle, keep
            )
            if if_changed and not workspaces.changes(known, given):
                return
            if expected not in (None, known.config_version):
                raise Conflict(
                    f"Session {identity!r} is at version {known.config_version} now, not {expected}: somebody has "
                    "saved it since. Read it again."
                )
            self._refuse_while_running(transaction, identity)
            workspaces.save(transaction, identity, given, self._database.now())

        self._database.write(work)
        return self.session(identity)

    def start_session(
        self, id: str, input: Mapping[str, Any] | None = None, concurrency: int | None = None, *,
        job_type: TypeOrFunction | None = None, alone: bool = False, config: Mapping[str, Any] | None = None,
        note: str | None = None, **options: Any,
    ) -> Job:  # fmt: skip
        """Launches the session's job type as a new job of that session, with the configuration as it is now.

        Whatever session the caller is bound to, it is the named one that starts. Several starts are several jobs, of
        which so many run at once as the session permits. concurrency, job_type and config are saved where they are
        new, with the note, and the job is stored with them or not at all; while the session runs that raises
        SessionBusy. alone: so does a job of an earlier start that is open. options: those of submit beside session.
        Raises InvalidInput where it has no job type, NotFound, Unstorable; for options what submit raises.
        """
        submission.refuse_unknown(options, without=("session",))
        identity = workspace.session_id(id)
        most = None if concurrency is None else workspace.concurrency(concurrency)
        known, told = workspaces.require(self._database, identity), workspace.note(note)
        kind = self._launched_type(job_type) or known.job_type
        if kind is None:
            raise InvalidInput(
                f"Session {identity!r} has no job type to start. "
                f"Name one for this start, or save it: headway session config {shlex.quote(identity)} --type TYPE"
            )
        name = options.pop("name", None) or f"{identity}: {kind}"[: submission.LONGEST_NAME]
        asked = self._options(session=identity, name=name, **options)
        new = msgspec.structs.replace(self._new(kind, input, asked), launched=True)

        def work(transaction: Transaction) -> JobRow:
            now = self._database.now()
            found = self._locked(transaction, identity)
            if alone:
                _refuse_busy(identity, workspaces.launched_job(transaction, identity))
            text = found.config if config is None else workspace.config_text(identity, config, found.config)
            if most not in (None, found.concurrency) or kind != found.job_type or text != found.config:
                given = Save(text, most or found.concurrency, kind, submission.who(), told)
                self._save_for_start(transaction, found, given, now)
            workspaces.use(transaction, identity, now)
            return keeping.add(transaction, [new], now, returns=True)[0]

        try:
            row = self._stored(work, new)
        except CommitUnknown:
            if keeping.by_id(self._database, new.id) is None:
                raise
            return self._by_id(new.id)
        return self._just_submitted(row, new)

    def launched_job(self, id: str, job_type: TypeOrFunction | None = None) -> Job | None:
        """The first open job that a start of the session has launched, of one type; None where all are over.

        job_type: else that of the session. Raises NotFound, InvalidInput.
        """
        known = workspaces.require(self._database, workspace.session_id(id))
        row = workspaces.launched_before(self._database, known.id, self._launched_type(job_type) or known.job_type)
        return None if row is None else self._jobs([row])[0]

    def close_session(self, id: str) -> Session:
        """Closes a session, and returns its last snapshot: it takes no more jobs. Those that ended stay.

        The default session stays open. Raises SessionBusy while it runs, NotFound.
        """
        known = self.session(id)

        def work(transaction: Transaction) -> None:
            self._locked(transaction, known.id)
            self._refuse_while_running(transaction, known.id)
            workspaces.close(transaction, known.id, self._database.now())

        if known.id != DEFAULT:
            self._database.write(work)
        return known

    def _save_for_start(self, transaction: Transaction, known: Workspace, given: Save, now: float) -> None:
        """A start with another concurrency, job type or configuration is a save of it."""
        self._refuse_while_running(transaction, known.id)
        changed = [
            what for what, is_new in (
                (f"concurrency {given.concurrency}", given.concurrency != known.concurrency),
                (f"type {given.job_type}", given.job_type != known.job_type),
                ("another configuration", given.config != known.config),
            ) if is_new
        ]  # fmt: skip
        note = given.note or f"started with {', '.join(changed)}"
        workspaces.save(transaction, known.id, given._replace(note=note), now)

    def _locked(self, transaction: Transaction, identity: str) -> Workspace:
        known = workspaces.lock(transaction, identity)
        if known is None:
            raise workspaces.no_session(self._database, identity)
        return known

    def _refuse_while_running(self, transaction: Transaction, identity: str) -> None:
        _refuse_busy(identity, workspaces.running_job(transaction, identity))

    def _launched_type(self, given: TypeOrFunction | None) -> str | None:
        return None if given is None else submission.a_type(self._type_name(given))


def _refuse_busy(identity: str, job: JobRow | None) -> None:
    if job is not None:
        raise SessionBusy(
            f"Session {identity!r} runs: job {job.number} ({job.name}) is {job.state}. Wait for it or cancel it.",
            job.id,
        )
