"""`headway items`: what a job works through, member by member."""

from __future__ import annotations

from typing import Any

import click

from headway.cli.app import App, Verb, app_of
from headway.cli.ids import JOB_ID
from headway.cli.jsonout import emit
from headway.cli.text import one_line
from headway.errors import InvalidInput
from headway.model import words
from headway.model.job import Item, Job
from headway.model.ledger import LedgerCounts

SHAPES = {"pending": "○", "done": "✔", "failed": "✘", "skipped": "–"}
COLORS = {"pending": "cyan", "done": "green", "failed": "red", "skipped": "bright_black"}


@click.command(cls=Verb)
@click.argument("any_id", type=JOB_ID, metavar="ID")
@click.argument("ledger", required=False)
@click.option("--state", type=click.Choice(list(SHAPES)), help="Only these.")
@click.option("--limit", type=click.IntRange(1, 10_000), default=50, show_default=True, help="How many at most.")
@click.option("--after", metavar="CURSOR", help="Go on after a page, with its `next`.")
@click.pass_context
def items_verb(
    context: click.Context, any_id: str, ledger: str | None, state: str | None, limit: int, after: str | None
) -> None:
    """List the items of a job, of one ledger where it has several: state, key, size, tries, and why it failed."""
    app = app_of(context)
    job = app.hw.get(any_id)
    ledgers = app.hw.ledgers(job)
    chosen = _chosen(ledgers, ledger)
    if chosen is None:
        _several(app, job, ledgers)
        return
    page = app.hw.items(job, chosen, limit, after, state)
    if app.json:
        emit({"ledger": chosen, "items": [item.to_dict() for item in page], "next": page.next})
        return
    for item in page:
        print(app.style(_line(item), fg=COLORS[item.state]))
    if page.next:
        app.say(f"More: headway items {job.number} {chosen!r} --after {page.next!r}")


def ledger_line(counts: LedgerCounts, job: Job) -> str:
    """A ledger in one line: name, how much of it is done, what failed, was skipped, and what duplicates saved.

    Where the job is under way and has no total, more may be asked for: what is known of is all "so far".
    """
    over = counts.total - counts.pending
    so_far = " so far" if not job.ended and (job.progress is None or job.progress.total is None) else ""
    parts = [f"{one_line(counts.ledger)}  {words.exact(over)}/{words.exact(counts.total)}{so_far}"]
    if counts.size:
        parts.append(f"{words.size(int(counts.size_done))}/{words.size(int(counts.size))}")
    if over != counts.done:
        parts[0] += f" over: {words.exact(counts.done)} done"
    told = {"failed": counts.failed, "skipped": counts.skipped, "duplicates": counts.duplicates}
    parts += [f"{words.exact(number)} {name}" for name, number in told.items() if number]
    if counts.size_saved:
        parts.append(f"{words.size(int(counts.size_saved))} saved")
    return "  ".join(parts)


def _chosen(ledgers: list[LedgerCounts], asked: str | None) -> str | None:
    """The ledger that is meant; None where there are several or none."""
    if asked is None:
        return ledgers[0].ledger if len(ledgers) == 1 else None
    if asked not in {counts.ledger for counts in ledgers}:
        names = ", ".join(repr(counts.ledger) for counts in ledgers[:10]) or "none"
        raise InvalidInput(f"The job has no ledger {asked!r:.80}; it has {names}.")
    return asked


def _several(app: App, job: Job, ledgers: list[LedgerCounts]) -> None:
    if app.json:
        emit({"ledgers": [counts.to_dict() for counts in ledgers]})
        return
    for counts in ledgers:
        print(ledger_line(counts, job))
    app.say("Name a ledger to see its items." if ledgers else "The job has no items.")


def _line(item: Item) -> str:
    facts: list[Any] = [SHAPES[item.state], one_line(item.key)]
    facts += [words.size(int(item.size))] if item.size is not None else []
    facts += [item.status_code] if item.status_code is not None else []
    facts += [f"{item.attempts} tries"] if item.attempts > 1 else []
    facts += [f"same as {one_line(item.duplicate_of)}"] if item.duplicate_of is not None else []
    facts += [one_line(item.error.message)] if item.error else []
    return "  ".join(str(fact) for fact in facts)
