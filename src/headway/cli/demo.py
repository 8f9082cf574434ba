"""`headway demo`: the site mover of the examples at work on a folder that every Python has."""

from __future__ import annotations

import importlib
import json
import os
import shutil
import sys
import sysconfig
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click

import headway
from headway.cli import exitcodes
from headway.cli.app import App, Verb, app_of
from headway.cli.watch import see
from headway.errors import NotSupported

EXCLUDED = ["site-packages/", "__pycache__/", "test/", "tests/", "config-3*/", "*.so", "*.a"]


@click.command(cls=Verb)
@click.option("--seconds", type=click.FloatRange(min=1), default=60.0, show_default=True, help="About how long.")
@click.pass_context
def demo_verb(context: click.Context, seconds: float) -> int:
    """Copy Python's own library to a temporary folder, slowly, as three jobs in a database of its own.

    Several files are copied at a time. Watch it here, and pause, resume or cancel it from a second terminal.
    """
    app = app_of(context)
    _import_example()
    with _folder() as folder:
        demo = App(url=str(folder / "jobs.db"), json=app.json, color=app.color)
        try:
            with demo.hw, demo.hw.worker(slots=2):
                return _move(demo, folder, seconds)
        except KeyboardInterrupt:
            app.say(f"\nThe demo has ended, and its folder {folder} is removed.")
            return exitcodes.DETACHED


def _move(app: App, folder: Path, seconds: float) -> int:
    shared = {"work_folder": str(folder / "work"), "exclusions": EXCLUDED}
    app.say(f"Database: {app.hw.url}\nFrom a second terminal:")
    code, scanned = _stage(app, "site.scan", {"source": sysconfig.get_path("stdlib"), **shared})
    if code:
        return code
    destination = str(folder / "copy")
    code, planned = _stage(app, "site.plan", {"manifest": scanned["manifest"], "destination": destination, **shared})
    if code:
        return code
    limit = scanned["bytes"] / seconds
    code, _ = _stage(app, "site.transfer", {"plan": planned["plan"], "bandwidth_limit": limit})
    _tell_rollback(app)
    app.say(f"Its history: headway --url {app.hw.url} ls --all · It goes with this process.")
    return code


def _stage(app: App, kind: str, given: dict[str, Any]) -> tuple[int, Any]:
    """One job, seen to its end: the exit code, and its result."""
    job = app.hw.submit(kind, given, context_id="demo")
    app.say(f"  headway --url {app.hw.url} pause {job.number}    (then resume {job.number}, or cancel {job.number})")
    code = see(app, [job])
    return code, app.hw.get(job).result


def _tell_rollback(app: App) -> None:
    """How the transfer is taken back, and what that would undo."""
    [job] = app.hw.jobs(type="site.transfer", limit=1)
    if "rollback" in job.moves:
        app.say(f"What it has made is taken back by: headway rollback {job.number}. With --dry-run that says:")
        for undo in app.hw.rollback(job, dry_run=True):
            app.say(f"  {undo.position}  {undo.type} {json.dumps(undo.input)}")


@contextmanager
def _folder() -> Iterator[Path]:
    """A folder that goes with the demo; it needs room for a copy of the library."""
    folder = Path(tempfile.mkdtemp(prefix="headway-demo-"))
    (folder / "copy").mkdir()
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _import_example() -> None:
    """The example lies beside the package in a checkout. Raises NotSupported."""
    for place in (os.getcwd(), str(Path(headway.__file__).parents[2])):
        if (Path(place) / "examples" / "site_mover" / "jobs.py").is_file():
            sys.path.insert(0, place)
            break
    try:
        importlib.import_module("examples.site_mover.jobs")
    except ModuleNotFoundError as missing:
        raise NotSupported(
            f"The demo shows an example that comes with Headway's sources ({missing}). Get them, and run: make demo"
        ) from missing
