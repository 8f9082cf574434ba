"""The job of an earlier start of a session, with which a start that works in its own process goes on."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from headway.cli import wording
from headway.cli.app import App
from headway.errors import SessionBusy
from headway.model.job import Job
from headway.secret import Secret

FREE = ("pending", "paused", "interrupted")
"""States in which nobody works on a job."""


def taken_up(
    app: App, session: str, job_type: str | None, given: Mapping[str, Any], config: Mapping[str, Any] | None,
    concurrency: int | None, options: Mapping[str, Any],
) -> Job | None:  # fmt: skip
    """The open job of an earlier start, sent on where it had halted; None where there is none. options: of submit.

    Raises SessionBusy where somebody works on it, or where it was started with something else than what is given.
    """
    job = app.hw.launched_job(session, job_type)
    if job is None:
        return None
    if config is not None or concurrency is not None:  # what is there already is not refused, whatever runs
        current = app.hw.session(session).config
        app.hw.save_session(session, current if config is None else config, None, None, concurrency, if_changed=True)
    if job.state not in FREE:
        raise _busy(job, f"is {job.state}, and a worker has it. Follow it: headway watch {job.number}.")
    if given and not _same(given, job.input):
        raise _busy(job, "was started with another input. Without an input it goes on here.")
    if not _is_known(job, options):
        raise _busy(job, "has another name, or other ids or labels. Without these it goes on here.")
    if job.state != "pending":
        job = app.hw.resume(job)
    app.say(f"Job {job.number} of an earlier start goes on here. Another one beside it: --new")
    return job


def _busy(job: Job, why: str) -> SessionBusy:
    name = wording.name_of(job)
    return SessionBusy(f"Job {job.number} ({name}) of an earlier start {why} Another one beside it: --new", job.id)


def _same(given: Mapping[str, Any], known: Any) -> bool:
    """Whether an input is the one of a job, whose secrets nobody can compare."""
    shown = known if isinstance(known, Mapping) else {}
    return given.keys() == shown.keys() and all(
        isinstance(value, Secret) or value == shown[name] for name, value in given.items()
    )


def _is_known(job: Job, options: Mapping[str, Any]) -> bool:
    """Whether a job is what the options call it that were given."""
    ids = options["external_id"] or {}
    named = {"external": ids} if isinstance(ids, str) else ids
    return (
        options["name"] in (None, job.name)
        and options["context_id"] in (None, job.context_id)
        and named.items() <= job.external_ids.items()
        and options["labels"].items() <= job.labels.items()
    )
