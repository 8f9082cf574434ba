"""What every verb shares: which database, in which form to answer, and whether in colour."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any, Literal, TextIO

import click

from headway.clock import Clock, SystemClock
from headway.store.address import without_password
from headway.tracker.headway import Headway

JsonForm = Literal["document", "lines"]


@dataclass
class App:
    """The choices of one call of the command line."""

    url: str | None = None
    json: JsonForm | None = None
    color: str = "auto"
    clock: Clock = field(default_factory=SystemClock)

    @cached_property
    def hw(self) -> Headway:
        """The verbs on the chosen database."""
        return Headway(self.url, via="cli")

    @property
    def place(self) -> str:
        """The database as people know it, and whose it is: two users have two files."""
        return described(self.hw.url)

    def colored(self, stream: TextIO) -> bool:
        """Whether to write colours to a stream."""
        if self.color != "auto":
            return self.color == "always"
        return not os.environ.get("NO_COLOR") and is_terminal(stream)

    def style(self, text: str, stream: TextIO | None = None, **how: Any) -> str:
        """The text in a colour, where that is wanted. how: as click.style."""
        return click.style(text, **how) if self.colored(stream or sys.stdout) else text

    def say(self, text: str, **how: Any) -> None:
        """A message for the person at the terminal, apart from the data."""
        print(self.style(text, sys.stderr, **how), file=sys.stderr, flush=True)


def is_terminal(stream: TextIO) -> bool:
    """Whether a stream is a terminal that can move its cursor."""
    try:
        return stream.isatty() and os.environ.get("TERM") != "dumb"
    except ValueError:  # it is closed
        return False


def described(url: str) -> str:
    """Where a database lies, without its password, and whose file it is."""
    if "://" in url:
        return without_password(url)
    path = Path(url)
    home = str(Path.home())
    shown = f"~{url[len(home) :]}" if url.startswith(f"{home}/") else url
    try:
        return f"{shown} ({path.owner()}'s)"
    except (OSError, KeyError):  # it is not there yet, or its owner has no name
        return shown


def app_of(context: click.Context) -> App:
    """The choices of this call."""
    return context.ensure_object(App)


def _keep(name: str) -> Callable[[click.Context, click.Parameter, Any], None]:
    def callback(context: click.Context, parameter: click.Parameter, value: Any) -> None:
        if value is not None:
            setattr(app_of(context), name, value)

    return callback


def common_options() -> list[click.Parameter]:
    """--url, --json and --color, which stand before or after the verb."""
    return [
        click.Option(
            ["--url"], metavar="URL", expose_value=False, callback=_keep("url"),
            help="Where jobs are kept: a path, postgresql://..., or the https://... of a server, whose token is in "
            "$HEADWAY_TOKEN [default: $HEADWAY_URL, else your own file]",
        ),
        click.Option(
            ["--json"], flag_value="document", default=None, is_flag=True, expose_value=False, callback=_keep("json"),
            help="Answer as one JSON document; --json=lines: one a line, as things happen.",
        ),
        click.Option(
            ["--json-lines"], flag_value="lines", default=None, is_flag=True, expose_value=False,
            callback=_keep("json"), hidden=True,
        ),
        click.Option(
            ["--color"], type=click.Choice(["auto", "always", "never"]), default=None, expose_value=False,
            callback=_keep("color"), help="Whether to use colours [default: auto]",
        ),
    ]  # fmt: skip


class Verb(click.Command):
    """A command of the command line, with the options that all of them have."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.params.extend(common_options())
