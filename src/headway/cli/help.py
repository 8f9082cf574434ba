"""`headway help`: the help of a verb, or of a topic."""

from __future__ import annotations

import click

from headway.cli import exitcodes
from headway.cli.app import Verb


@click.command(cls=Verb)
@click.argument("topic", required=False)
@click.pass_context
def help_verb(context: click.Context, topic: str | None) -> None:
    """Help on a verb, or on exit-codes."""
    above = context.parent or context
    if topic == "exit-codes":
        print(exitcodes.page())
        return
    if topic is None:
        print(above.get_help())
        return
    group = above.command
    found = group.get_command(above, topic) if isinstance(group, click.Group) else None
    if found is None:
        raise click.UsageError(f"There is no help on {topic!r}: expected a verb, or exit-codes.", above)
    with click.Context(found, info_name=topic, parent=above) as inner:
        print(found.get_help(inner))
