"""A whole move: scan, plan and transfer, submitted one after the other and tied together by one id."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from headway import Headway, Job


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
) -> Job:
    """Move a site; return the transfer job once it has completed. Workers with the job types must run.

    move_id ties the three jobs together (their context id) and makes the call repeatable: called again
    with the same id, as after a crash of this program, it goes on waiting for the jobs that are there.
    plan, transfer: more input for these jobs. timeout_s: for each job. Raises headway.JobFailed,
    headway.JobCancelled, TimeoutError.
    """
    shared = {"work_folder": work_folder}
    scanned = _stage(
        hw, "site.scan", {"source": _absolute(source), "exclusions": exclusions, **shared}, move_id, timeout_s
    )
    planned = _stage(
        hw,
        "site.plan",
        {
            "manifest": scanned.result["manifest"],
            "destination": _absolute(destination),
            **shared,
            **(plan or {}),
        },
        move_id,
        timeout_s,
    )
    return _stage(hw, "site.transfer", {"plan": planned.result["plan"], **(transfer or {})}, move_id, timeout_s)


def _stage(hw: Headway, kind: str, given: dict[str, Any], move_id: str, timeout_s: float | None) -> Job:
    job = hw.submit(kind, given, context_id=move_id, labels={"move": move_id}, idempotency_key=f"{move_id}:{kind}")
    hw.result(job, timeout_s=timeout_s)
    return hw.get(job)


def _absolute(address: str) -> str:
    """A worker's current folder is not this program's."""
    return address if "://" in address else str(Path(address).resolve())
