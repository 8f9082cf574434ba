"""`headway worker`: runs jobs of the types it has."""

from __future__ import annotations

import os

import click

from headway.cli import exitcodes, log, modules, stopping, wording
from headway.cli.app import App, Verb, app_of
from headway.errors import InvalidInput
from headway.runtime.registry import REGISTRY


@click.command(cls=Verb)
@click.option("--slots", type=click.IntRange(1, 10_000), default=4, show_default=True, help="Jobs at once.")
@click.option("--queue", "queues", multiple=True, default=("default",), show_default=True, help="Take from this queue.")
@click.option("--type", "types", multiple=True, help="Take only this type; else all that the modules have.")
@modules.option
@click.option("--until-idle", is_flag=True, help="End when nothing is left to do, as for cron.")
@click.option("--quiet", "-q", is_flag=True, help="Say nothing when a job begins or ends.")
@stopping.grace_option
@click.pass_context
def worker_verb(
    context: click.Context, slots: int, queues: tuple[str, ...], types: tuple[str, ...], modules: tuple[str, ...],
    until_idle: bool, quiet: bool, grace: float | None,
) -> int:  # fmt: skip
    """Run jobs until it is told to stop, with a line when one begins and when one ends; as JSON with --json.

    Ctrl-C or SIGTERM: jobs halt at their next checkpoint and go on elsewhere, or when a worker is there again. A
    second one stops at once, and so does the end of --grace: exit code 143, and what did not halt is found interrupted.
    """
    app = app_of(context)
    _load(modules)
    log.show(as_json=app.json is not None, quiet=quiet)
    working = app.hw.worker(slots, queues, types or None)
    stopping.heed_signals()
    try:
        with working:
            try:
                app.say(_introduction(app, slots, queues, types))
                working.wait_idle() if until_idle else stopping.wait_forever()
            except KeyboardInterrupt:
                app.say(f"Stopping at the next checkpoint of {wording.jobs(working.busy)}. Again: stop at once.")
                stopping.bounded(grace, lambda: app.say(_left(working.busy)))
    finally:
        app.hw.close()
    return exitcodes.DONE


def _left(busy: int) -> str:
    return f"{wording.jobs(busy)} did not halt in time, and will be found interrupted."


def _load(given: tuple[str, ...]) -> None:
    modules.load(given)
    if not REGISTRY.own():
        raise InvalidInput(
            "This worker has no job types, so it could run nothing. Name the modules that register them: "
            "headway worker --import jobs.py"
        )


def _introduction(app: App, slots: int, queues: tuple[str, ...], types: tuple[str, ...]) -> str:
    kinds = [REGISTRY.get(name) for name in types or REGISTRY.names()]
    listed = ", ".join(f"{kind.name} ({kind.function.__module__})" for kind in kinds)
    return (
        f"Worker {os.getpid()}: {slots} slots, queues {', '.join(queues)}, in {app.place}\nTypes: {listed}\n"
        "Stop: Ctrl-C"
    )
