"""`headway demo`: the web pages with live jobs, made from the examples."""

from __future__ import annotations

import base64
import os
import secrets
import shlex
import shutil
import socket
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from headway.cli import demo_terminal, examples, exitcodes, stopping
from headway.cli.app import App, Verb, app_of
from headway.cli.jsonout import emit
from headway.cli.serve import served
from headway.cli.working import working

PORT = 8765
SLOTS = 24
HOST = "127.0.0.1"


@click.command(cls=Verb)
@click.option("--port", type=click.IntRange(0, 65535), help=f"Else {PORT}, or a free one where that is taken.")
@click.option("--keep", type=click.Path(file_okay=False, path_type=Path), help="Folder that stays, to go on with.")
@click.option("--seconds", type=click.FloatRange(min=1), help="About how long; else until Ctrl-C.")
@click.option("--terminal", is_flag=True, help="Without pages: copy Python's own library, watched here, in a minute.")
@click.pass_context
def demo_verb(
    context: click.Context, port: int | None, keep: Path | None, seconds: float | None, terminal: bool
) -> int:
    """Show the web pages with live jobs: a shop, a crawl and a move of a site, in a database of their own.

    Pause, cancel, retry and roll them back in the browser, or from a second terminal. Nothing outside a temporary
    folder is touched, and that goes with the demo.
    """
    app = app_of(context)
    if terminal:
        with _folder(None) as folder:
            try:
                return demo_terminal.show(app, folder, seconds or 60.0)
            except KeyboardInterrupt:
                app.say(f"\nThe demo has ended, and its folder {folder} is removed.")
                return exitcodes.DETACHED
    stopping.heed_signals()
    with _folder(keep) as folder:
        os.environ["HEADWAY_KEY_FILE"] = str(_key(folder))
        try:
            _play(app, folder, port, seconds)
        except KeyboardInterrupt:
            app.say("\nThe demo ends.")
    return exitcodes.DONE


def _play(app: App, folder: Path, port: int | None, seconds: float | None) -> None:
    """Serves and plays until the time is over, or a signal comes."""
    stage, site = examples.load("examples.demo.stage"), examples.load("examples.demo.site")
    demo = App(url=str(folder / "jobs.db"), json=app.json, color=app.color)
    over = threading.Event()
    with served(demo, HOST, _port(port)) as serving, site.served() as pages:
        _introduce(app, demo, serving.address)
        if seconds is not None:
            limit = threading.Timer(seconds, over.set)
            limit.daemon = True
            limit.start()
        show = stage.Stage(demo.hw, folder, pages)
        show.prepare(demo.hw.now(), over)
        with working(demo.hw, SLOTS):
            show.play(over)


def _port(given: int | None) -> int:
    """The port to bind: where none is asked for, any free one if the usual one is taken."""
    if given is not None:
        return given
    try:
        socket.create_server((HOST, PORT)).close()
    except OSError:
        return 0
    return PORT


@contextmanager
def _folder(keep: Path | None) -> Iterator[Path]:
    """Where everything lies that the demo makes; it goes with the demo, unless somebody keeps it."""
    if keep is not None:
        keep.mkdir(parents=True, exist_ok=True)
        yield keep.resolve()
        return
    folder = Path(tempfile.mkdtemp(prefix="headway-demo-"))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _key(folder: Path) -> Path:
    """What the demo's secrets are sealed with: a key of its own."""
    path = folder / "keys"
    if not path.exists():
        path.touch(mode=0o600)
        path.write_text(base64.b64encode(secrets.token_bytes(32)).decode() + "\n")
    return path


def _introduce(app: App, demo: App, address: str) -> None:
    if app.json:
        emit({"address": address, "pid": os.getpid(), "url": demo.hw.url})
    else:
        print(address, flush=True)
    app.say(
        f"Headway's pages at {address}, with live jobs of a demo. In a second terminal:\n"
        f"  {shlex.join([*_program(), '--url', demo.hw.url, 'ls'])}\nStop: Ctrl-C"
    )


def _program() -> list[str]:
    """How this program is called from a terminal that stands in the same folder."""
    started = sys.argv[0]
    found = shutil.which("headway")
    if found is not None and os.path.realpath(found) == os.path.realpath(started):
        return ["headway"]
    return [started] if os.access(started, os.X_OK) else [sys.executable, "-m", "headway"]
