"""What a job is given on the command line beside type, input and session: the same wherever one is begun."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import click

from headway.cli import external, inputs, times
from headway.cli.app import App

_OPTIONS = (
    click.option("--name", help="How people know it; else by its type."),
    click.option("--external-id", "external_ids", metavar="[NAMESPACE:]ID", multiple=True,
                 help="Any other id of it; one of each namespace."),
    click.option("--context-id", help="An id that it shares with others of one undertaking."),
    click.option("--one-per-context", is_flag=True, help="Refuse it while another open job has that context."),
    click.option("--category", default="general", show_default=True),
    click.option("--label", "labels", metavar="NAME=VALUE", multiple=True),
    click.option("--priority", type=int, default=0, help="Higher ones go first."),
    click.option("--queue", default="default", show_default=True),
    click.option("--run-at", type=times.moment, metavar="TIME", help="Not before this time, or after so long: 10m."),
    click.option("--timeout", type=times.span, metavar="SPAN", help="Limit of the time it works."),
)  # fmt: skip


def options(function: Callable[..., Any]) -> Callable[..., Any]:
    """Gives a verb these options; its function takes what was given by name, and has it read."""
    for option in reversed(_OPTIONS):
        function = option(function)
    return function


def read(app: App, given: Mapping[str, Any]) -> dict[str, Any]:
    """What was given, as hw.submit and hw.start_session take it. Raises UsageError."""
    return {
        "name": given["name"], "external_id": external.read(given["external_ids"]), "context_id": given["context_id"],
        "one_per_context": given["one_per_context"], "category": given["category"],
        "labels": inputs.texts(given["labels"], "--label"), "priority": given["priority"], "queue": given["queue"],
        "run_at": times.later(given["run_at"], app.hw.now()), "timeout_s": given["timeout"],
    }  # fmt: skip
