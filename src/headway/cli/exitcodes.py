"""What the exit codes of the command line mean."""

from __future__ import annotations

from headway.model.job import Job

DONE = 0
REFUSED = 1
USAGE = 2
FAILED = 3
NOT_AUTHENTICATED = 4
CANCELLED = 5
NOT_FOUND = 6
STALLED = 7
PARTLY = 8
TIMEOUT = 124
NOT_STARTED = 126
NO_SUCH_COMMAND = 127
DETACHED = 130
TERMINATED = 143

MEANING = {
    DONE: "done; where a job was followed, it completed",
    REFUSED: "refused, or something went wrong in Headway, its database or the network",
    USAGE: "the command line was not understood",
    FAILED: "the job failed",
    NOT_AUTHENTICATED: "not signed in, or not let in: the server wants a token ($HEADWAY_TOKEN), or another one",
    CANCELLED: "the job was cancelled",
    NOT_FOUND: "no job answers to that id, or several do",
    STALLED: "the job has stalled (--fail-on-stall)",
    PARTLY: "only some of the jobs could do it",
    TIMEOUT: "the time given with --timeout has passed",
    DETACHED: "detached with Ctrl-C; the job runs on",
    TERMINATED: "ended by SIGTERM",
}
"""`headway run` ends with the exit code of its command instead, 126 or 127 where it could not be started."""


def of_job(job: Job) -> int:
    """The exit code of whoever followed a job to its end."""
    return {"completed": DONE, "cancelled": CANCELLED}.get(job.state, FAILED if job.ended else DONE)


def of_jobs(jobs: list[Job]) -> int:
    """The same for several: a failure counts more than a cancel."""
    codes = {of_job(job) for job in jobs}
    return next((code for code in (FAILED, CANCELLED) if code in codes), DONE)


def page() -> str:
    """The text of `headway help exit-codes`."""
    listed = "\n".join(f"  {code:>3}  {meaning}" for code, meaning in MEANING.items())
    return f"Exit codes\n\n{listed}\n\nheadway run ends with the exit code of its command; 127 where there is none."
