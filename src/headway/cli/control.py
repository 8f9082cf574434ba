"""`headway pause|resume|cancel|retry`: one move for one job or many."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import click
import msgspec

from headway.cli import exitcodes, query, wording
from headway.cli.app import App, Verb, app_of
from headway.cli.ids import JOB_ID
from headway.cli.jsonout import emit
from headway.cli.text import one_line
from headway.errors import HeadwayError, IllegalMove, NotFound
from headway.model.job import Job, Undo
from headway.model.moves import DONE_TO, HARMLESS, possible, target

TREE_VERBS = ("pause", "resume", "cancel")


class Outcome(msgspec.Struct, kw_only=True, omit_defaults=True):
    """What became of one job. refused: why not; code: that in a word."""

    id: str
    number: int | None = None
    name: str | None = None
    before: str | None = None
    after: str | None = None
    new_job: int | None = None
    rollback: int | None = None
    undos: list[Undo] | None = None
    refused: str | None = None
    code: str | None = None

    @property
    def line(self) -> str:
        if self.refused is not None:
            return f"{self.number or self.id}  skipped: {one_line(self.refused)}"
        if self.new_job is not None:
            return f"{self.number} → new job {self.new_job}  {self.name}"
        if self.rollback is not None:
            return f"{self.number} {self.before} → {self.after}, by job {self.rollback}  {self.name}"
        if self.undos is not None:
            return f"{self.number} {self.before}, would undo {len(self.undos)}  {self.name}"
        moved = f"{self.before} → {self.after}" if self.before != self.after else f"{self.after} already"
        return f"{self.number} {moved}  {self.name}"


def _verb(move: str, about: str) -> click.Command:
    @click.pass_context
    def act(
        context: click.Context, ids: tuple[str, ...], words: str | None, reason: str | None, yes: bool, dry_run: bool,
        only: bool = False, items: str | None = None,
    ) -> int:  # fmt: skip
        app = app_of(context)
        found = chosen(app, move, ids, words, not (yes or dry_run), lambda job: _can(move, items, job))
        call = partial(_act, app, move, reason, only, items, dry_run)
        return report(app, [outcome_of(app, one, call) for one in found], dry_run)

    act.__doc__ = about
    options = [
        click.argument("ids", type=JOB_ID, metavar="[ID]...", nargs=-1),
        click.option("--query", "words", metavar="QUERY", help="All jobs that match and can; asks first."),
        click.option("--reason", metavar="TEXT", help="Why; kept in the history."),
        click.option("--yes", "-y", is_flag=True, help="Do not ask."),
        click.option("--dry-run", is_flag=True, help="Only say what would happen."),
    ]
    if move in TREE_VERBS:
        options.append(click.option("--only", is_flag=True, help="This job alone, not its children."))
    if move == "retry":
        choice = click.Choice(["failed"])
        options.append(click.option("--items", type=choice, help="Only what has failed items; completed jobs, too."))
    function: Callable[..., Any] = act
    for option in reversed(options):
        function = option(function)
    return click.command(cls=Verb, name=move, help=about)(function)


pause_verb = _verb("pause", "Ask jobs to halt at their next checkpoint, keeping their progress.")
resume_verb = _verb("resume", "Send paused or interrupted jobs on from their checkpoints.")
cancel_verb = _verb("cancel", "Stop jobs for good.")
retry_verb = _verb("retry", "Send failed jobs back to the queue; what they have finished stays.")


def chosen(
    app: App, verb: str, ids: Sequence[str], words: str | None, ask: bool, able: Callable[[Job], bool] | None = None
) -> list[str | Job]:
    """The jobs that are meant; of those that a query finds the able ones. Raises UsageError where that is not clear."""
    if bool(ids) == bool(words):
        raise click.UsageError("Give the ids of jobs, or --query QUERY.")
    if words is None:
        return list(ids)
    query.read(words)
    found = app.hw.jobs(q=words, limit=1000).all()
    jobs = [job for job in found if able is None or able(job)]
    if jobs and ask:
        _ask(app, verb, jobs, words)
    if not jobs:
        app.say(f"No job that can be {DONE_TO.get(verb, verb)} matches {words!r}.")
    return jobs


def _ask(app: App, verb: str, jobs: Sequence[Job], words: str) -> None:
    if not sys.stdin.isatty():
        raise click.UsageError(
            f"{wording.jobs(len(jobs))} can be found by {words!r}, and nobody can be asked here; add -y to {verb} them."
        )
    tell(app, jobs)
    click.confirm(f"{verb.capitalize()} {wording.jobs(len(jobs))} found by {words!r}?", abort=True, err=True)


def tell(app: App, jobs: Sequence[Job]) -> None:
    """Names the jobs that a person is asked about, the first ten."""
    for job in jobs[:10]:
        app.say(f"  {job.number} {wording.state(job.state)}  {wording.name_of(job)}")
    if len(jobs) > 10:
        app.say(f"  and {len(jobs) - 10} more")


def outcome_of(app: App, any_id: str | Job, act: Callable[[Job], dict[str, Any]]) -> Outcome:
    """What becomes of one job; a refusal is part of it. act: does it, and returns what the outcome tells."""
    outcome = Outcome(id=any_id if isinstance(any_id, str) else any_id.id)
    try:
        job = app.hw.get(any_id)
        outcome.id, outcome.number, outcome.name, outcome.before = job.id, job.number, wording.name_of(job), job.state
        outcome = msgspec.structs.replace(outcome, **act(job))
    except HeadwayError as refused:
        if not isinstance(refused, IllegalMove | NotFound) and not isinstance(refused, LookupError):
            raise
        outcome.refused, outcome.code = str(refused), refused.code
    return outcome


def _can(move: str, items: str | None, job: Job) -> bool:
    """Whether a query that asks for a move means this job."""
    return move in job.moves or (items is not None and job.state == "completed")


def _act(
    app: App, move: str, reason: str | None, only: bool, items: str | None, dry_run: bool, job: Job
) -> dict[str, Any]:
    if dry_run:
        return {"after": would_be("restart" if items and job.state == "completed" else move, job)}
    if move == "retry":
        again = app.hw.retry(job, reason, items)
        return {"after": again.state} if again.id == job.id else {"new_job": again.number}
    scope = {"scope": "job"} if only else {}
    return {"after": getattr(app.hw, move)(job, reason, **scope).state}


def would_be(move: str, job: Job) -> str:
    """The state after a move, which is not made. Raises IllegalMove where it can not be."""
    if (move, job.state) in HARMLESS:
        return job.state
    after = "a new job" if move == "restart" else target(job.state, move, "user")
    if after is None:
        told = f"{job.state.replace('_', ' ')} and can not be {DONE_TO.get(move, move)}"
        raise IllegalMove(f"Job {job.number} is {told}.", job.state, possible(job.state))
    return after


def report(app: App, outcomes: Sequence[Outcome], dry_run: bool) -> int:
    """Tells what became of each job; the exit code."""
    if app.json:
        emit({"results": [msgspec.to_builtins(outcome) for outcome in outcomes], "dry_run": dry_run})
    for outcome in () if app.json else outcomes:
        if outcome.refused is not None:
            app.say(outcome.line)
        else:
            print(f"{outcome.line}{'  (dry run)' if dry_run else ''}", flush=True)
            for undo in outcome.undos or ():
                print(f"  {wording.undo_line(undo)}", flush=True)
    refused = [outcome for outcome in outcomes if outcome.refused is not None]
    if not refused:
        return exitcodes.DONE
    if len(refused) < len(outcomes):
        return exitcodes.PARTLY
    found = any(outcome.number is not None for outcome in outcomes)
    return exitcodes.REFUSED if found else exitcodes.NOT_FOUND
