"""`headway demo --terminal`: the site mover of the examples at work on a folder that every Python has."""

from __future__ import annotations

import json
import sysconfig
from pathlib import Path
from typing import Any

from headway.cli import examples
from headway.cli.app import App
from headway.cli.watch import see

EXCLUDED = ["site-packages/", "__pycache__/", "test/", "tests/", "config-3*/", "*.so", "*.a"]


def show(app: App, folder: Path, seconds: float) -> int:
    """Copies Python's own library into the folder, slowly, as three jobs in a database of its own; the exit code."""
    examples.load("examples.site_mover.jobs")
    (folder / "copy").mkdir()
    demo = App(url=str(folder / "jobs.db"), json=app.json, color=app.color)
    with demo.hw, demo.hw.worker(slots=2):
        return _move(demo, folder, seconds)


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
