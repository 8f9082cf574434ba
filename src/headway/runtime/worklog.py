"""What a worker tells its log of the jobs that it runs: a line when one begins, and one when its attempt is over."""

from __future__ import annotations

import logging
from collections.abc import Callable

import msgspec

from headway.model.words import duration
from headway.runtime.outbox import Outbox
from headway.store.moving import Change
from headway.store.records import JobRow

LOG = logging.getLogger("headway.jobs")

LONGEST = 500
STOPPED = {
    "pause": "is paused", "cancel": "is cancelled", "shutdown": "has stopped with its worker",
    "lease_lost": "was taken from this worker",
}  # fmt: skip


def began(row: JobRow) -> None:
    """An attempt begins."""
    if LOG.isEnabledFor(logging.INFO):
        again = f", attempt {row.attempt}" if row.attempt > 1 else ""
        LOG.info("%s began%s", _job(row), again, extra=_told(row, "began"))


def ended(row: JobRow, outbox: Outbox, end: Change, spent_s: float, now: Callable[[], float]) -> None:
    """An attempt is over, by its last move. spent_s: what it took; now: the time."""
    if not LOG.isEnabledFor(logging.INFO):
        return
    if outbox.lost or end.move in ("halt", "leave"):
        why = "lease_lost" if outbox.lost else str(end.why.get("why"))
        said = STOPPED.get(why, f"goes on later ({why})")
        LOG.info("%s %s", _job(row), said, extra=_told(row, "stopped", why=why))
    elif outbox.asked == "cancel":
        LOG.info("%s is cancelled", _job(row), extra=_told(row, "stopped", why="cancel"))
    elif end.move == "finish":
        took = duration(spent_s)
        LOG.info("%s completed after %s", _job(row), took, extra=_told(row, "completed", seconds=round(spent_s, 3)))
    else:
        _failed(row, end, now())


def _failed(row: JobRow, end: Change, now: float) -> None:
    again = "" if end.due_at is None else f", and is tried again in {duration(end.due_at - now)}"
    error = _message(end.error)
    LOG.warning(
        "%s failed%s: %s (more: headway show %s)", _job(row), again, error, row.number,
        extra=_told(row, "failed" if end.due_at is None else "backed_off", error=error),
    )  # fmt: skip


def _message(error: str | None) -> str:
    message = str(msgspec.json.decode(error)["message"]) if error else ""
    first = " ".join(message.split())
    return first if len(first) <= LONGEST else f"{first[:LONGEST]}..."


def _job(row: JobRow) -> str:
    name = " ".join(row.name.split())
    return f"Job {row.number} ({name[:80]})"


def _told(row: JobRow, what: str, **more: object) -> dict[str, object]:
    return {"told": {"event": what, "job": row.id, "number": row.number, "type": row.type, **more}}
