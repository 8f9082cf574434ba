"""`headway session`: workspaces with a configuration of their own."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from contextlib import suppress
from typing import Any

import click

from headway.cli import (
    configs,
    earlier_start,
    exitcodes,
    inputs,
    joboptions,
    listing,
    modules,
    session_views,
    times,
    wording,
)
from headway.cli.app import App, Verb, app_of
from headway.cli.jsonout import emit
from headway.cli.session_config import config_verb
from headway.cli.text import one_line
from headway.cli.watch import follow as watch
from headway.cli.watch import tell_how
from headway.model.job import Job
from headway.store.workspaces import DEFAULT

SHOWN = 50
OPEN_JOBS = 10


@click.group(name="session")
def session_verb() -> None:
    """Sessions: workspaces with a versioned configuration, and a limit of how many of their jobs run at once.

    Where an ID can be left out it is default.yaml, the session of everything that names none.
    """


@session_verb.command(name="ls", cls=Verb)
@click.option("--limit", type=click.IntRange(1, 10_000), default=SHOWN, show_default=True, help="At most so many.")
@click.option("--after", metavar="ID", help="Go on after this session.")
@click.pass_context
def ls_verb(context: click.Context, limit: int, after: str | None) -> None:
    """List sessions by id."""
    app = app_of(context)
    found = app.hw.sessions(limit, after)
    if app.json:
        emit({"sessions": [session.to_dict() for session in found], "next": found.next})
        return
    for line in session_views.table(app, found):
        print(line)
    if found.next:
        app.say(f"More: headway session ls --after {one_line(found.next)}")


@session_verb.command(name="show", cls=Verb)
@click.argument("session", metavar="[ID]", default=DEFAULT)
@click.pass_context
def show_verb(context: click.Context, session: str) -> None:
    """Show one session: its configuration with secrets masked, its limit, and its open jobs."""
    app = app_of(context)
    found = app.hw.session(session)
    jobs = app.hw.jobs(session=found.id, active=True, limit=OPEN_JOBS)
    if app.json:
        emit({"session": found.to_dict(), "jobs": [job.to_dict() for job in jobs]})
        return
    print(app.style(one_line(found.id), bold=True))
    for line in session_views.facts(app, found):
        print(line)
    print(f"Configuration (version {found.config_version})\n{configs.pretty(found.config)}")
    if jobs:
        listing.show(app, jobs)


@session_verb.command(name="create", cls=Verb)
@click.argument("session", metavar="[ID]", required=False)
@click.option("--config", "file", metavar="FILE|-", help="Its configuration: a .json, .toml or .yaml file.")
@configs.setting
@click.option("--type", "job_type", help="The job type that start launches.")
@click.option("--concurrency", type=int, default=10, show_default=True, help="How many of its jobs run at once.")
@click.option("--owner", help="Whose it is; else yours.")
@click.option("--idle", type=times.span, metavar="SPAN", help="Close it when nobody used it for so long; 0: never.")
@click.option("--keep", type=times.span, metavar="SPAN", help="How long its ended jobs are kept; 0: as types say.")
@click.pass_context
def create_verb(
    context: click.Context, session: str | None, file: str | None, pairs: tuple[str, ...], secrets: tuple[str, ...],
    job_type: str | None, concurrency: int, owner: str | None, idle: float | None, keep: float | None,
) -> None:  # fmt: skip
    """Create a session; without an ID it gets one that nobody can guess."""
    app = app_of(context)
    configs.tell_of_seen(app, pairs)
    config = configs.changed({} if file is None else configs.read(file), pairs, secrets)
    spans = {"idle_s": idle or None, "keep_s": keep or None}  # 0 is no rule, as in `session config`
    session_views.tell(app, app.hw.create_session(session, config, job_type, concurrency, owner=owner, **spans))


session_verb.add_command(config_verb)


@session_verb.command(name="start", cls=Verb)
@click.argument("words", metavar="[ID] [KEY=TEXT | KEY:=JSON]...", nargs=-1)
@click.option("--config", "file", metavar="FILE|-", help="Save this configuration first, where it differs.")
@click.option("--type", "job_type", help="The job type to launch; kept for the next start.")
@click.option("--concurrency", type=int, help="How many jobs of the session run at once; kept for the next start.")
@click.option("--note", help="What a changed configuration is for.")
@click.option("--secret", "secrets", metavar="NAME", multiple=True, help="An input value that is asked for unseen.")
@joboptions.options
@modules.option
@click.option("--follow", "-f", is_flag=True, help="Watch it to its end; with --import it is worked in this process.")
@click.option("--new", is_flag=True, help="Launch another one, although one of an earlier start is open.")
@click.pass_context
def start_verb(
    context: click.Context, /, words: tuple[str, ...], file: str | None, job_type: str | None, concurrency: int | None,
    note: str | None, secrets: tuple[str, ...], modules: tuple[str, ...], follow: bool, new: bool, **options: Any,
) -> int:  # fmt: skip
    """Launch the job type of a session, with its configuration as it is now and the input given.

    With --import and --follow a job of an earlier start that nobody works on goes on here instead of a second one.
    """
    app = app_of(context)
    session, pairs = _named(words)
    _load(modules, follow)
    config = None if file is None else configs.read(file)
    given, told = inputs.read(pairs, None, secrets), joboptions.read(app, options)
    job = None
    if modules and not new:
        job = earlier_start.taken_up(app, session, job_type, given, config, concurrency, told)
    if job is None:
        job = app.hw.start_session(session, given, concurrency, job_type=job_type, config=config, note=note, **told)
    if app.json and not follow:
        emit({"job": job.to_dict()})
    elif not app.json:
        print(f"{job.number}  {job.id}  {job.state}", flush=True)
    if not follow:
        tell_how(app, [job])
        return exitcodes.DONE
    return _work(app, job) if modules else _watch(app, job)


@session_verb.command(name="close", cls=Verb)
@click.argument("session", metavar="ID")
@click.pass_context
def close_verb(context: click.Context, session: str) -> int:
    """Close a session: it takes no more jobs. Refused while it runs, and for default.yaml, which stays open."""
    app = app_of(context)
    known = app.hw.close_session(session)
    if app.json:
        emit({"session": known.to_dict()})
    elif known.id == DEFAULT:
        app.say(f"{DEFAULT} stays open: it is the session of everything that names none.")
    else:
        print(f"{one_line(known.id)}  closed", flush=True)
    return exitcodes.REFUSED if known.id == DEFAULT else exitcodes.DONE


def _control(move: str, about: str) -> None:
    @session_verb.command(name=move, cls=Verb, help=about)
    @click.argument("session", metavar="ID")
    @click.option("--reason", metavar="TEXT", help="Why; kept in the history.")
    @click.pass_context
    def verb(context: click.Context, session: str, reason: str | None) -> None:
        app = app_of(context)
        jobs: list[Job] = getattr(app.hw, move)(session, reason, scope="session")
        if app.json:
            emit({"jobs": [job.to_dict() for job in jobs]})
            return
        for job in jobs:
            print(f"{job.number}  {wording.state(job.state)}  {wording.name_of(job)}")
        app.say(f"{wording.jobs(len(jobs))} of session {one_line(session)}")


_control("pause", "Ask every open job of a session to halt at its next checkpoint.")
_control("resume", "Send every paused or interrupted job of a session on.")
_control("cancel", "Stop every open job of a session for good.")


def _named(words: Sequence[str]) -> tuple[str, Sequence[str]]:
    """The id, where the first word is one, and the pairs of the input."""
    return (words[0], words[1:]) if words and "=" not in words[0] else (DEFAULT, words)


def _load(names: Sequence[str], follow: bool) -> None:
    if names and not follow:
        raise click.UsageError("--import has the job worked in this process, which needs --follow.")
    modules.load(names)


def _watch(app: App, job: Job) -> int:
    return watch(app, [job]) if app.json else watch(app, [job], sys.stderr)


def _work(app: App, job: Job) -> int:
    """Follows a job that this process works itself; left with Ctrl-C it halts, to go on in another worker."""
    code = exitcodes.DETACHED
    with suppress(KeyboardInterrupt), app.hw.worker(tree=job):
        code = _watch(app, job)
    if code == exitcodes.DETACHED:
        app.say(f"Job {job.number} has halted here; it goes on where a worker has its type.")
    return code
