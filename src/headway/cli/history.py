"""Entries of a job's history as people read them: log lines and events."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from headway.cli import wording
from headway.cli.app import App
from headway.cli.text import lines, one_line
from headway.model.job import Event

LOUD = {"warning": "yellow", "error": "red", "critical": "red"}


def is_line(event: Event) -> bool:
    """Whether an entry belongs to the log."""
    return event.kind in ("log", "warning")


def log_lines(app: App, event: Event, times: bool) -> list[str]:
    """A log line: its step before it, its level where it is louder than info."""
    before = f"{wording.local(event.at)} " if times else ""
    step = event.data.get("step")
    before += f"{one_line(step)}: " if step else ""
    loud = event.name.upper() + " " if event.name in LOUD else ""
    texts = lines(event.data.get("text", ""))
    return [before + app.style(loud + text, fg=LOUD.get(event.name)) for text in texts]


def error_of(event: Event) -> dict[str, Any] | None:
    """Why an attempt failed, where the entry is the move that says so."""
    error = event.data.get("error") if event.kind == "move" else None
    return error if isinstance(error, dict) else None


def error_lines(app: App, event: Event, times: bool) -> list[str]:
    """Why an attempt failed, as a line of its log would say it, and where in the code."""
    error = error_of(event) or {}
    before = f"{wording.local(event.at)} " if times else ""
    said = lines(error.get("message", ""))
    trace = [line for line in lines(error.get("trace") or "") if line.strip() and line not in said]
    return [before + app.style(f"ERROR {line}", fg="red") for line in said] + [f"{before}    {line}" for line in trace]


def event_line(app: App, event: Event) -> str:
    """An event in one line: number, time, what happened, and who, why."""
    what = f"{event.kind} {event.name}".replace("_", " ")
    told = dict(event.data)
    moved = " → ".join(str(told.pop(end)) for end in ("from", "to") if told.get(end))
    details = " ".join(f"{name}={_said(name, value)}" for name, value in told.items() if value not in ("", None))
    parts = (f"{event.seq:>5}", wording.local(event.at), f"attempt {event.attempt}", what, moved, details)
    return "  ".join(part for part in parts if part)


def _said(name: str, value: Any) -> str:
    """A value as people read it: a time as the local one."""
    if name.endswith(("_at", "_until")) and isinstance(value, int | float):
        return wording.local(datetime.fromtimestamp(value, UTC))
    return _short(value)


def _short(value: Any) -> str:
    if isinstance(value, dict) and "message" in value:
        value = value["message"]
    return wording.short(value)
