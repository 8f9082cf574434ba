"""`headway ls`: what there is."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import click

from headway.cli import listing, query, wording
from headway.cli.app import App, Verb, app_of
from headway.cli.jsonout import emit
from headway.cli.text import one_line
from headway.model.job import Job
from headway.model.moves import STATES
from headway.model.query import quoted
from headway.tracker.reading import MOST_COUNTED
from headway.tracker.wire import is_server

SHOWN = 20
Parts = dict[str, dict[str, Any]]
"""The listings that make up the answer, each with its filters."""


@click.command(cls=Verb)
@click.argument("words", metavar="[QUERY]...", nargs=-1)
@click.option("--session", help="Only jobs of this session.")
@click.option("--limit", type=click.IntRange(1, 10_000), default=SHOWN, show_default=True, help="At most so many.")
@click.option("--after", metavar="CURSOR", help="Go on after a page, with the cursor that it gave.")
@click.option("--all", "everything", is_flag=True, help="All of them, whatever the limit.")
@click.pass_context
def ls_verb(
    context: click.Context, words: tuple[str, ...], session: str | None, limit: int, after: str | None, everything: bool
) -> None:  # fmt: skip
    """List jobs: active ones, then those that ended last.

    QUERY: words of the form field:value (state, type, name, session, category, context, owner, error, id, parent,
    root, label.NAME:VALUE, is:active, is:ended); other words are looked for in name, type, id and error,
    and may be a whole external or context id. All words must fit; of several values of a field any:
    state:failed,paused label.site:a label.site:b. -field:value leaves out.
    """
    app = app_of(context)
    asked = quoted(words) or None
    wanted = query.read(asked or "")
    filters = {"q": asked, "session": session}
    parts = {"found": filters} if wanted.tells_state else _parts(filters)
    if everything:
        jobs, following = list(_all(app, parts)), None
    else:
        jobs, following = _page(app, parts, limit, after)
    if app.json:
        emit({"jobs": [job.to_dict() for job in jobs], "next": following})
        return
    _tell_counts(app, session, asked)
    if jobs:
        listing.show(app, jobs)
    elif asked or session:
        app.say(f"No job matches {one_line(' '.join(words))!r}. Without it: headway ls")
    if following:
        app.say(f"More: headway ls {' '.join(words)} --after {following}".replace("  ", " "))


def _parts(filters: dict[str, Any]) -> Parts:
    """Open jobs, then ended ones, where the query does not choose, each with their filters."""
    return {"active": {**filters, "active": True}, "ended": {**filters, "active": False}}


def _all(app: App, parts: Parts) -> Iterator[Job]:
    for part in parts.values():
        yield from app.hw.jobs(**part, limit=1000).all()


def _page(app: App, parts: Parts, limit: int, after: str | None) -> tuple[list[Job], str | None]:
    """A page, and the cursor of the next one: the name of a listing and a place in it."""
    begin, _, place = (after or "").partition(".")
    if after and begin not in parts:
        raise click.UsageError(
            f"--after {after[:60]!r} is no cursor of this listing; take the one that a page ends with."
        )
    names = list(parts)[list(parts).index(begin) if after else 0 :]
    jobs: list[Job] = []
    for name in names:
        if len(jobs) == limit:
            return jobs, f"{name}." if app.hw.jobs(**parts[name], limit=1) else None
        found = app.hw.jobs(**parts[name], limit=limit - len(jobs), after=place or None)
        jobs, place = jobs + found, ""
        if found.next:
            return jobs, f"{name}.{found.next}"
    return jobs, None


def _tell_counts(app: App, session: str | None, asked: str | None) -> None:
    """How many jobs of each state fit, and of how many where not all are meant."""
    everything = sum(app.hw.counts().values())
    counts = app.hw.counts(session, asked)
    told = ", ".join(f"{_figure(counts[state])} {state.replace('_', ' ')}" for state in STATES if counts.get(state))
    if asked or session:
        told = f"{told or '0'} of {wording.jobs(everything)}"
    app.say(f"{told or '0 jobs'} in {app.place}")
    if not everything:
        here = "" if is_server(app.hw.url) else "headway run -- COMMAND, or "
        app.say(f"Begin one: {here}headway submit TYPE key=value")


def _figure(counted: int) -> str:
    return f"{counted}{'+' if counted == MOST_COUNTED else ''}"
