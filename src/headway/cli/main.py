"""The `headway` command: its verbs, and one place where errors become messages and exit codes."""

from __future__ import annotations

import difflib
import importlib
import os
import sys
import traceback
from typing import NoReturn

import click

import headway
from headway.cli import exitcodes, modules
from headway.cli.app import App, common_options
from headway.cli.jsonout import emit_error
from headway.cli.text import one_line
from headway.errors import Ambiguous, HeadwayError, InvalidInput, NotFound, NotPermitted

VERBS = {
    "serve": "serve", "run": "run", "submit": "submit", "worker": "worker",
    "ls": "ls", "show": "show", "watch": "watch", "logs": "logs", "events": "logs", "wait": "wait",
    "tree": "tree", "items": "items", "alias": "external",
    "pause": "control", "resume": "control", "cancel": "control", "retry": "control", "restart": "restart",
    "recover": "recover", "rollback": "rollback",
    "delete": "delete", "pin": "pin", "unpin": "pin",
    "session": "session", "db": "db", "doctor": "doctor", "demo": "demo", "completion": "completion", "help": "help",
}  # fmt: skip
"""Each verb and the module that has it; a module is loaded when its verb is used."""


class Verbs(click.Group):
    """The verbs, in the order in which people need them."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(VERBS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        module = VERBS.get(cmd_name)
        if module is None:
            return None
        found = getattr(importlib.import_module(f"headway.cli.{module}"), f"{cmd_name}_verb")
        return found if isinstance(found, click.Command) else None

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if not args[0].startswith("-") and args[0] not in VERBS and not ctx.resilient_parsing:
            raise click.UsageError(_no_such_verb(args[0]), ctx)
        return super().resolve_command(ctx, args)


@click.group(cls=Verbs, params=common_options(), context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(headway.__version__, prog_name="headway")
def cli() -> None:
    """Long-running work, tracked and kept in hand.

    ID is a job's number, its whole id or the last 6 or more characters of it, an external id or a context id;
    exact forms are number:17, external:..., context:..., and @last is the newest job.
    """


def main() -> NoReturn:
    """The command line. Ends the process with one of the codes that `headway help exit-codes` lists."""
    arguments = [_json_form(word) for word in sys.argv[1 : _end_of_options(sys.argv)]]
    arguments += sys.argv[_end_of_options(sys.argv) :]
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(errors="replace")  # type: ignore[union-attr]  # they are text files here
    sys.exit(_call(arguments))


def _call(arguments: list[str]) -> int:
    app = App()
    wants_json = {"--json", "--json-lines"} & set(arguments[: _end_of_options(arguments)])
    try:
        code = cli.main(arguments, prog_name="headway", standalone_mode=False, obj=app)
        sys.stdout.flush()
        return code if isinstance(code, int) else exitcodes.DONE
    except BrokenPipeError:
        # Whoever read our output has gone, as `head` does; there is nobody left to tell.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return exitcodes.DONE
    except (KeyboardInterrupt, click.Abort):
        return exitcodes.DETACHED
    except Exception as error:
        code, kind, message = _explained(error)
        if wants_json:
            emit_error(kind, message)
        _tell(error, message)
        return code


def _explained(error: Exception) -> tuple[int, str, str]:
    """Exit code, word for programs, and message of what went wrong."""
    if isinstance(error, click.ClickException):
        return exitcodes.USAGE, "usage", error.format_message()
    if isinstance(error, NotFound | Ambiguous):
        return exitcodes.NOT_FOUND, error.code, str(error)
    if isinstance(error, NotPermitted):
        return exitcodes.NOT_AUTHENTICATED, error.code, str(error)
    if isinstance(error, InvalidInput):
        return exitcodes.USAGE, error.code, str(error)
    if isinstance(error, HeadwayError):
        return exitcodes.REFUSED, error.code, str(error)
    if isinstance(error, TimeoutError):
        return exitcodes.TIMEOUT, "timeout", str(error)
    return exitcodes.REFUSED, "internal", f"{type(error).__name__}: {error}"


def _tell(error: Exception, message: str) -> None:
    if not isinstance(error, HeadwayError | click.ClickException | TimeoutError):
        traceback.print_exception(type(error), error, modules.own_frames(error))
    if isinstance(error, click.exceptions.NoArgsIsHelpError):
        print(message, file=sys.stderr)
        return
    context = error.ctx if isinstance(error, click.UsageError) else None
    if context is not None:
        print(context.get_usage(), file=sys.stderr)
    print(f"headway: {one_line(message)}", file=sys.stderr)
    if context is not None and context.command.get_help_option(context):
        print(f"Try: {context.command_path} --help", file=sys.stderr)


def _no_such_verb(word: str) -> str:
    near = difflib.get_close_matches(word, VERBS, n=1)
    return f"There is no verb {word[:60]!r}." + (f" Did you mean {near[0]!r}?" if near else "")


def _end_of_options(arguments: list[str]) -> int:
    """What stands after -- is somebody else's command."""
    return arguments.index("--") if "--" in arguments else len(arguments)


def _json_form(word: str) -> str:
    return {"--json=lines": "--json-lines", "--json=document": "--json"}.get(word, word)
