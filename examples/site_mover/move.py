"""A whole move: scan, plan and transfer, submitted one after the other and tied together by one id."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from examples.site_mover.connect import checked
from headway import Headway, Job

Show = Callable[[Job], None]
_EVERY_S = 0.5


def move(
    hw: Headway,
    source: str,
    destination: str,
    *,
    move_id: str,
    exclusions: list[str] | None = None,
    timeout_s: float | None = None,
    work_folder: str | None = None,
    plan: dict[str, Any] | None = None,
    transfer: dict[str, Any] | None = None,
    show: Show | None = None,
) -> Job:
    """Move a site; return the transfer job once it has completed. Workers with the job types must run.

    move_id ties the three jobs together (their context id) and makes the call repeatable: called again
    with the same id, as after a crash of this program, it goes on waiting for the jobs that are there (for a day).
    plan, transfer: more input for these jobs. timeout_s: for each job. show: is called with each job now and then, and
    when it has ended. Raises ValueError for an address that cannot be used, headway.JobFailed, headway.JobCancelled,
    TimeoutError.
    """
    source, destination = _absolute(checked(source)), _absolute(checked(destination))
    stage = partial(_stage, hw, move_id, timeout_s, show)
    shared = {"work_folder": work_folder}
    scanned = stage("site.scan", f"Scan {_shown(source)}", {"source": source, "exclusions": exclusions, **shared})
    given = {"manifest": scanned.result["manifest"], "destination": destination, **shared, **(plan or {})}
    planned = stage("site.plan", f"Plan for {_shown(destination)}", given)
    given = {"plan": planned.result["plan"], **(transfer or {})}
    return stage("site.transfer", f"Transfer to {_shown(destination)}", given)


def _stage(
    hw: Headway, move_id: str, timeout_s: float | None, show: Show | None, kind: str, name: str, given: dict[str, Any]
) -> Job:
    key = f"{move_id}:{kind}"
    job = hw.submit(kind, given, name=name, context_id=move_id, labels={"move": move_id}, idempotency_key=key)
    if show is not None:
        _watch(hw, job, timeout_s, show)
    hw.result(job, timeout_s=timeout_s)
    return hw.get(job)


def _watch(hw: Headway, job: Job, timeout_s: float | None, show: Show) -> None:
    """Shows a job until it has ended, or the time is over."""
    left = timeout_s
    while not job.ended and (left is None or left > 0):
        try:
            job = hw.wait(job, timeout_s=_EVERY_S)
        except TimeoutError:
            job = hw.get(job)
            left = None if left is None else left - _EVERY_S
        show(job)


def _shown(address: str) -> str:
    return address.partition("?")[0]


def _absolute(address: str) -> str:
    """A worker's current folder is not this program's."""
    return address if "://" in address else str(Path(address).resolve())
