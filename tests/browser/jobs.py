"""The jobs of these tests. What they wait for is a file, which a test makes when it is time."""

from __future__ import annotations

import json
import threading
from pathlib import Path
from typing import Any

import headway
from headway import Secret
from tests.faults.side import note, notes

_NEVER = threading.Event()
LOOK_S = 0.01
"""How often a job looks for the file that it waits for. It is real time, also where a test moves the clock."""


def await_file(ctx: headway.Context, path: str, *, deaf: bool = False) -> None:
    """Waits for a file; a deaf one does not look whether it shall stop."""
    while not Path(path).exists():
        if not deaf:
            ctx.check()
        _NEVER.wait(LOOK_S)


class Refused(Exception):
    """What a job of these tests fails with."""

    code = "target_refused"


@headway.job("browser.puppet")
def puppet(ctx: headway.Context, path: str) -> object:
    """Does what stands in the file, line by line, and notes beside it how far it is."""
    return _obey(ctx, Path(path))


@headway.job("browser.by-hand", recover=False)
def by_hand(ctx: headway.Context, path: str) -> object:
    """The same; after a crash it waits for a person."""
    return _obey(ctx, Path(path))


def done_file(commands: Path) -> Path:
    """Where a puppet notes the commands that it has done."""
    return commands.with_suffix(".done")


def _obey(ctx: headway.Context, path: Path) -> object:
    done = done_file(path)
    at = len(notes(done))
    while True:
        # Only whole lines: the last one may be under way.
        for line in path.read_text().split("\n")[at:-1]:
            command = json.loads(line)
            at += 1
            if "result" in command:
                return command["result"]
            try:
                _do(ctx, **command)
            finally:
                ctx.settle()
                note(str(done), at)
        ctx.check()
        _NEVER.wait(LOOK_S)


def _do(
    ctx: headway.Context, progress: dict[str, Any] | None = None, log: list[str] | None = None, level: str = "info",
    step: str | None = None, plan: list[str] | None = None, checkpoint: dict[str, Any] | None = None,
    warn: str | None = None, deaf: str | None = None, undo: str | None = None, fail: str | None = None,
) -> None:  # fmt: skip
    if plan is not None:
        ctx.plan(plan[0], *plan[1:])
    if progress is not None:
        ctx.progress(**progress)
    for text in log or ():
        ctx.log(text, level=level)
    if undo is not None:
        ctx.undo("browser.undo", {"path": undo})
    if step is not None:
        ctx.step(step, lambda: {"step": step})
    if checkpoint is not None:
        ctx.checkpoint(checkpoint)
    if warn is not None:
        ctx.warn(warn)
    if deaf is not None:
        await_file(ctx, deaf, deaf=True)
    if fail is not None:
        raise Refused(fail)


@headway.job("browser.quick")
def quick(ctx: headway.Context, text: str = "done") -> str:
    """Done at once."""
    ctx.log(text)
    return text


@headway.job("browser.wait")
def wait(ctx: headway.Context, gate: str, text: str = "through") -> str:
    """Runs until the gate is open."""
    await_file(ctx, gate)
    return text


@headway.job("browser.rows", recover=False)
def rows(ctx: headway.Context, gate: str, side: str, total: int = 10, hold: int = 5) -> int:
    """Goes through rows, notes each beside the database, and holds before one of them until the gate is open."""
    ctx.progress(unit="rows")
    done = 0
    for row in ctx.track(range(total), "rows", unit="rows"):
        if row == hold:
            ctx.checkpoint(reached=row)
            note(side, "holding", ctx.job_id, row)
            await_file(ctx, gate)
        note(side, "row", ctx.job_id, row)
        done += 1
    return done


@headway.job("browser.steps")
def steps(ctx: headway.Context, gate: str) -> int:
    """Four steps by plan; the third waits for the gate."""
    ctx.plan("scan", "copy", "load", "verify")
    ctx.step("scan", lambda: {"files": 40})
    with ctx.phase("copy"):
        for file in ctx.track(range(40), "files", unit="files"):
            ctx.log(f"copied file {file}")
    with ctx.phase("load"):
        await_file(ctx, gate)
    ctx.step("verify", lambda: {"good": 40})
    return 40


@headway.job("browser.ledger")
def ledger(ctx: headway.Context, count: int = 200, bad: int = 7) -> dict[str, int]:
    """Works through items, of which every bad-th fails."""
    pages = ctx.items("pages")
    pages.add_many(f"page-{n:04}" for n in range(count))

    def fetch(page: headway.ItemAtHand) -> None:
        if int(page.key[-4:]) % bad == 0:
            raise Refused(f"{page.key} answered 404")
        page.save(hash=f"h{page.key}")

    counts = ctx.map(fetch, pages, concurrency=4)
    return {"done": counts.done, "failed": counts.failed}


@headway.job("browser.log")
def log(ctx: headway.Context, lines: int, gate: str | None = None) -> int:
    """Says so many lines; then waits for the gate, if there is one."""
    for n in range(1, lines + 1):
        ctx.log(f"line {n} of {lines}")
    ctx.settle()
    if gate is not None:
        await_file(ctx, gate)
    return lines


@headway.job("browser.loud")
def loud(ctx: headway.Context, password: Secret, gate: str) -> None:
    """Says what a page must not take at its word, and its password."""
    ctx.log("\x1b[31mred words\x1b[0m and plain ones")
    ctx.log("<img src=x onerror=\"document.title='broken in'\"><script>document.title='broken in'</script>")
    ctx.log(f"the password is {password.reveal()}")
    ctx.settle()
    await_file(ctx, gate)


@headway.job("browser.failing")
def failing(
    ctx: headway.Context, gate: str | None = None, message: str = "the target refused row 17", path: str = "loaded"
) -> None:
    """Does a step and fails in the next one, until the gate is open."""
    ctx.plan("fetch", "load")
    ctx.step("fetch", lambda: {"rows": 40})
    ctx.undo("browser.undo", {"path": path})
    with ctx.phase("load"):
        ctx.log("loading 40 rows")
        if gate is None or not Path(gate).exists():
            raise Refused(message)


@headway.job("browser.undo")
def undo(ctx: headway.Context, path: str) -> str:
    """Takes back an effect that came about in name only; not that of a path that is locked."""
    if path.startswith("locked"):
        raise Refused(f"{path} is in use")
    ctx.log(f"undone: {path}")
    return path


@headway.job("browser.family")
def family(ctx: headway.Context, gate: str, children: int = 3) -> int:
    """Children that wait for the gate."""
    spawned = [ctx.spawn(wait, {"gate": gate, "text": f"child {n}"}, name=f"Child {n}") for n in range(children)]
    return len(ctx.gather(*spawned))


@headway.job("browser.configured")
def configured(ctx: headway.Context, gate: str | None = None) -> list[str]:
    """Tells the names of its configuration."""
    if gate is not None:
        await_file(ctx, gate)
    return sorted(ctx.config)
