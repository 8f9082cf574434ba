"""`headway completion`: what a shell needs to complete verbs and options."""

from __future__ import annotations

import click
from click.shell_completion import get_completion_class

from headway.cli.app import Verb

WHERE = {
    "bash": 'eval "$(headway completion bash)"   in ~/.bashrc',
    "zsh": 'eval "$(headway completion zsh)"   in ~/.zshrc',
    "fish": "headway completion fish > ~/.config/fish/completions/headway.fish",
}


@click.command(cls=Verb, epilog="\b\n" + "\n".join(WHERE.values()))
@click.argument("shell", type=click.Choice(list(WHERE)))
@click.pass_context
def completion_verb(context: click.Context, shell: str) -> None:
    """Print the completion script of a SHELL."""
    kind = get_completion_class(shell)
    if kind is None:
        raise click.UsageError(f"There is no completion for {shell!r}.")
    print(kind((context.parent or context).command, {}, "headway", "_HEADWAY_COMPLETE").source())
