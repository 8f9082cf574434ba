"""`headway recover`: the jobs that wait for a person, and sending them on."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from typing import Any

import click

from headway.cli import control, exitcodes, wording
from headway.cli.app import App, Verb, app_of
from headway.cli.jsonout import emit
from headway.cli.text import one_line
from headway.model import recovery, words
from headway.model.job import Job
from headway.model.recovery import CAUSES, STATE_OF, Recoverable, Recovery, SideEffect

COLORS = {"yes": "green", "with care": "yellow", "no": "red"}
INTERRUPTED = [cause for cause in CAUSES if STATE_OF[cause] == "interrupted"]
PAGE = 500
NAMED = 5
"""Files and the like that a job has left."""


@click.command(cls=Verb)
@click.option("--all-safe", is_flag=True, help="Resume every interrupted job that can simply go on; ask nothing.")
@click.option("--cause", "causes", type=click.Choice(CAUSES), multiple=True, help="Only jobs that stopped for it.")
@click.option("--session", help="Only jobs of this session.")
@click.option("--reason", metavar="TEXT", help="Why; kept in the history.")
@click.option("--always", metavar="TYPE", help="From now on interrupted jobs of TYPE go on by themselves.")
@click.option("--never", metavar="TYPE", help="Take that back: they wait again, unless their code says otherwise.")
@click.option("--rules", is_flag=True, help="List the types of which that was said.")
@click.option("--limit", type=click.IntRange(1, PAGE), default=50, show_default=True, help="At most so many.")
@click.option("--after", metavar="CURSOR", help="Go on after a page, with the cursor that it gave.")
@click.pass_context
def recover_verb(
    context: click.Context, all_safe: bool, causes: tuple[str, ...], session: str | None, reason: str | None,
    always: str | None, never: str | None, rules: bool, limit: int, after: str | None,
) -> int:  # fmt: skip
    """List the jobs that wait for a person (interrupted, paused, failed, rolled back in part), and send chosen ones on.

    Each with why it stopped, what would be done again, and whether it can go on. On a terminal it asks which; elsewhere
    it only lists them.
    """
    app = app_of(context)
    if always is not None or never is not None or rules:
        return _rule(app, always, never, reason)
    if all_safe:
        return _send_on(app, list(_safe(app, causes or None, session)), reason)
    found = app.hw.recovery(causes or None, session=session, limit=limit, after=after)
    if app.json:
        emit(found.to_dict())
        return exitcodes.DONE
    _tell(app, found)
    if not found.jobs or not (sys.stdin.isatty() and sys.stdout.isatty()):
        return exitcodes.DONE
    return _send_on(app, _picked(found.jobs), reason)


def _rule(app: App, always: str | None, never: str | None, reason: str | None) -> int:
    """Makes a rule, takes one back, and lists them."""
    if always is not None:
        app.hw.add_recovery_rule(always, reason)
    if never is not None:
        app.hw.remove_recovery_rule(never)
    found = app.hw.recovery_rules()
    if app.json:
        emit({"rules": [rule.to_dict() for rule in found]})
        return exitcodes.DONE
    now = app.hw.now()
    for rule in found:
        ago, why = words.ago(now - rule.made_at.timestamp()), f": {one_line(rule.reason)}" if rule.reason else ""
        print(f"{one_line(rule.type)}  by {rule.who or 'nobody known'}, {ago}{why}")
    if not found:
        print("No rule: interrupted jobs go on by themselves only where the code of their type says so.")
    return exitcodes.DONE


def _safe(app: App, causes: Sequence[str] | None, session: str | None) -> Iterator[Recoverable]:
    wanted = [cause for cause in INTERRUPTED if causes is None or cause in causes]
    cursor: str | None = None
    while wanted:
        page = app.hw.recovery(wanted, session=session, limit=PAGE, after=cursor)
        yield from (one for one in page.jobs if one.safe)
        cursor = page.next
        if cursor is None:
            return


def _send_on(app: App, chosen: Sequence[Recoverable], reason: str | None) -> int:
    """Resumes jobs, retries them, or rolls them back again. One that can not go on never keeps the others."""
    if not chosen and not app.json:
        app.say("Nothing is sent on.")
        return exitcodes.DONE
    verbs = {one.job.id: one.verb for one in chosen}

    def act(job: Job) -> dict[str, Any]:
        sent: Job = getattr(app.hw, verbs[job.id])(job, reason)
        if sent.id == job.id:
            return {"after": sent.state}
        return {"after": app.hw.get(job).state, "rollback": sent.number}

    return control.report(app, [control.outcome_of(app, one.job, act) for one in chosen], dry_run=False)


def _tell(app: App, found: Recovery) -> None:
    now = app.hw.now()
    for stop in found.stops:
        ago = words.ago(now - stop.at.timestamp())
        app.say(f"{wording.jobs(stop.jobs)} interrupted {ago} ({one_line(stop.text)}); {stop.safe} can simply go on")
    for one in found.jobs:
        _show(app, one, now)
    if not found.jobs:
        app.say(_nothing(found, now))
    elif found.safe:
        app.say(f"Resume the {found.safe} that can simply go on: headway recover --all-safe")
    if found.next:
        app.say(f"More: headway recover --after {found.next}")


def _show(app: App, one: Recoverable, now: float) -> None:
    state = app.style(wording.state(one.job.state), fg=wording.color(one.job.state))
    can = app.style(f"can {one.verb}: {one.resumable}", fg=COLORS[one.resumable])
    print(f"{one.job.number}  {state}  {wording.name_of(one.job)}  {can}")
    print(f"    {one.cause}, {words.ago(now - one.lost_at.timestamp())}: {one_line(one.cause_text)}")
    print(f"    {one_line(one.why)}")
    print(f"    {one_line(one.repeats)}")
    undos = [effect for effect in one.side_effects if effect.kind == "undo"]
    if undos:
        print(f"    can be taken back: {one_line(recovery.taken_back(undos))}")
    left = [_left(effect) for effect in one.side_effects if effect.kind != "undo"]
    if left:
        print(f"    it has left: {', '.join(left[:NAMED])}{' and more' if len(left) > NAMED else ''}")


def _left(effect: SideEffect) -> str:
    return f"{effect.count} jobs below it" if effect.kind == "children" else f"{effect.kind} {one_line(effect.name)}"


def _nothing(found: Recovery, now: float) -> str:
    if found.last is None:
        return "No job waits for you."
    states = ", ".join(f"{n} {state.replace('_', ' ')}" for state, n in found.last.states.items())
    ago = words.ago(now - found.last.at.timestamp())
    return f"No job waits for you. Last recovery: {wording.jobs(found.last.jobs)}, interrupted {ago}; {states} now."


def _picked(jobs: Sequence[Recoverable]) -> list[Recoverable]:
    """Those that somebody at the terminal chooses."""
    said = click.prompt(
        "Send on which? Numbers, 'safe', or nothing", default="", show_default=False, err=True, prompt_suffix=": "
    )
    if said.strip() == "safe":
        return [one for one in jobs if one.safe]
    numbers = said.replace(",", " ").split()
    known = {str(one.job.number): one for one in jobs}
    unknown = [number for number in numbers if number not in known]
    if unknown:
        raise click.UsageError(f"{unknown[0][:60]!r} is none of those; expected numbers of the list, or 'safe'.")
    return [known[number] for number in dict.fromkeys(numbers)]
