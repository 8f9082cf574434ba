"""How the command line shows sessions."""

from __future__ import annotations

from collections.abc import Sequence

from headway.cli import wording
from headway.cli.app import App
from headway.cli.jsonout import emit
from headway.cli.text import one_line, pad, width
from headway.model import words
from headway.model.job import Session, SessionVersion
from headway.store.workspaces import DEFAULT


def table(app: App, sessions: Sequence[Session]) -> list[str]:
    """Sessions as lines of a table."""
    now = app.hw.now()
    heads = ("ID", "TYPE", "VERSION", "RUNNING", "OPEN", "USED")
    return _columns([heads, *(_cells(session, now) for session in sessions)])


def versions(saves: Sequence[SessionVersion]) -> list[str]:
    """The saves of a session as lines of a table."""
    heads = ("VERSION", "SAVED", "BY", "NOTE")
    return _columns([
        heads,
        *(
            (str(one.version), wording.local(one.saved_at), one_line(one.author or ""), one_line(one.note or ""))
            for one in saves
        ),
    ])  # fmt: skip


def facts(app: App, session: Session) -> list[str]:
    """What is known of a session beside its configuration, a line each."""
    told = {
        "owner": session.owner, "type": session.job_type, "open jobs": str(session.open_jobs),
        "running": _running(session), "concurrency": _concurrency(session),
        "created": wording.local(session.created_at),
        "used": wording.age(session.used_at, app.hw.now()), "closed when idle": _span(session.idle_s),
        "jobs are kept": _span(session.keep_s), "database": app.place,
    }  # fmt: skip
    return [f"  {name:<17}{one_line(value)}" for name, value in told.items() if value]


def tell(app: App, session: Session) -> None:
    """The answer of a verb that changes a session: its id and version."""
    if app.json:
        emit({"session": session.to_dict()})
    else:
        print(f"{one_line(session.id)}  version {session.config_version}", flush=True)


def _span(seconds: float | None) -> str:
    return "" if seconds is None else f"for {words.duration(seconds)}"


def _cells(session: Session, now: float) -> tuple[str, ...]:
    return (
        one_line(session.id), one_line(session.job_type or "-"), str(session.config_version), _running(session),
        str(session.open_jobs), wording.age(session.used_at, now),
    )  # fmt: skip


def _running(session: Session) -> str:
    """How many jobs run, and of how many; the default session has no limit."""
    return str(session.running) if session.id == DEFAULT else f"{session.running}/{session.concurrency}"


def _concurrency(session: Session) -> str:
    """The default session's number limits no jobs: each of them sees it."""
    return f"{session.concurrency} threads in each of its jobs; any number of jobs" if session.id == DEFAULT else ""


def _columns(rows: Sequence[tuple[str, ...]]) -> list[str]:
    """Rows as lines of aligned columns."""
    widths = [max(width(row[n]) for row in rows) for n in range(len(rows[0]))]
    return ["  ".join(pad(cell, widths[n]) for n, cell in enumerate(row)).rstrip() for row in rows]
