"""`headway serve`: the web pages, the API, live streams and workers in one command."""

from __future__ import annotations

import importlib
import os
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from headway.cli import exitcodes, log, modules, stopping, wording
from headway.cli.app import App, Verb, app_of, is_terminal
from headway.cli.jsonout import emit
from headway.cli.working import working
from headway.errors import HeadwayError, InvalidInput, StoreError
from headway.runtime.registry import REGISTRY

if TYPE_CHECKING:
    from headway.runtime.worker import Worker
    from headway.server.serving import Serving

SHORTEST_TOKEN = 16
SWEEP_S = 2.0


@click.command(cls=Verb)
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to bind; beyond loopback with a token.")
@click.option("--port", type=click.IntRange(0, 65535), default=8765, show_default=True, help="0: any free one.")
@click.option("--slots", type=click.IntRange(0, 10_000), default=4, show_default=True, help="Jobs at once; 0: none.")
@modules.option
@click.option("--allow-host", "hosts", metavar="NAME", multiple=True, help="A name by which it may be called.")
@click.option("--allow-origin", "origins", metavar="URL", multiple=True, help="Pages of this origin may call it.")
@click.option("--token-file", type=click.Path(dir_okay=False, path_type=Path), help="What callers must send.")
@stopping.grace_option
@click.pass_context
def serve_verb(
    context: click.Context, host: str, port: int, slots: int, modules: tuple[str, ...], hosts: tuple[str, ...],
    origins: tuple[str, ...], token_file: Path | None, grace: float | None,
) -> int:  # fmt: skip
    """Serve the web pages, the API and live streams, and run jobs, until it is told to stop.

    Ctrl-C or SIGTERM: jobs halt at their next checkpoint and go on elsewhere, or when a worker is there again; streams
    are told to come back. A second one stops at once, and so does the end of --grace, with exit code 143.
    """
    app = app_of(context)
    _need_server()
    _load(modules)
    log.show(as_json=not is_terminal(sys.stderr))
    stopping.heed_signals()
    with (
        served(app, host, port, (*hosts, host), origins, _token(token_file)) as serving,
        working(app.hw, slots) as worker,
    ):
        try:
            _introduce(app, serving, worker, slots)
            stopping.wait_forever()
        except KeyboardInterrupt:
            busy = worker.busy if worker is not None else 0
            app.say(f"Stopping at the next checkpoint of {wording.jobs(busy)}. Again: stop at once.")
            stopping.bounded(grace, lambda: app.say("Not all jobs did halt in time; these will be found interrupted."))
    return exitcodes.DONE


@contextmanager
def served(
    app: App, host: str, port: int, hosts: tuple[str, ...] = (), origins: tuple[str, ...] = (), token: str | None = None
) -> Iterator[Serving]:
    """The server while the block lasts: it stops after the workers, so that people see them stop."""
    _need_server()
    from headway.server import create_app
    from headway.server.serving import Serving
    from headway.server.site import LOOPBACK

    made = create_app(app.hw, hosts=(*LOOPBACK, *hosts), origins=origins, token=token)
    try:
        with Serving(made, host, port) as serving, _swept(app):
            yield serving
    finally:
        app.hw.close()


def _need_server() -> None:
    """Raises HeadwayError where the server extra is not installed."""
    try:
        importlib.import_module("headway.server.serving")
    except ModuleNotFoundError as missing:
        raise HeadwayError(
            f"serve needs the server extra, which is not installed ({missing.name} is missing): "
            "pip install 'headway[server]'"
        ) from None


@contextmanager
def _swept(app: App) -> Iterator[None]:
    """The database is swept while the block lasts, and by nobody here after it: that would open it again."""
    over = threading.Event()
    sweeping = threading.Thread(target=_sweep, args=(app, over), name="headway-sweep", daemon=True)
    sweeping.start()
    try:
        yield
    finally:
        over.set()
        app.hw._database.wake()
        sweeping.join(SWEEP_S)


def _sweep(app: App, over: threading.Event) -> None:
    """What must happen although nobody asks for it happens here too: there may be no worker."""
    seen = 0
    while not over.is_set():
        try:
            seen = app.hw.changed(seen, SWEEP_S)
        except StoreError:  # whoever asks for something is told; this goes on when the database is back
            over.wait(SWEEP_S)


def _load(given: tuple[str, ...]) -> None:
    modules.load(given)


def _token(path: Path | None) -> str | None:
    if path is None:
        return None
    try:
        token = path.read_text().strip()
    except (OSError, UnicodeDecodeError) as problem:
        raise InvalidInput(f"The token can not be read from {path}: {problem}.") from None
    if len(token) < SHORTEST_TOKEN or not token.isascii() or not token.isprintable():
        raise InvalidInput(
            f"{path} holds no token: expected {SHORTEST_TOKEN} printable ASCII characters or more on one line. "
            "Make one: python3 -c 'import secrets; print(secrets.token_urlsafe(32))' > FILE; chmod 600 FILE"
        )
    return token


def _introduce(app: App, serving: Serving, worker: Worker | None, slots: int) -> None:
    if app.json:
        emit({"address": serving.address, "pid": os.getpid(), "types": REGISTRY.own() if worker is not None else []})
    else:
        print(serving.address, flush=True)
    app.say(f"Headway at {serving.address}, jobs in {app.place}; {_works(worker, slots)}\nStop: Ctrl-C")


def _works(worker: Worker | None, slots: int) -> str:
    """What it runs, and how it would run more."""
    own = ", ".join(REGISTRY.own())
    if worker is not None:
        return f"{slots} slots for {own}"
    more = f"--slots 0 leaves {own} to workers: headway worker" if own else "types of yours: --import jobs.py"
    return f"of jobs only {', '.join(REGISTRY.built_in())} is run here ({more})"
