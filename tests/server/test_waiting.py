"""Long polls beside each other: a change wakes those whom it concerns, and one read serves them all."""

from __future__ import annotations

import asyncio
import errno

import pytest

from headway import Headway
from headway.server.changes import Changes, Listener
from headway.server.site import Site


async def told(listener: Listener) -> None:
    """Waits until the listener is woken."""
    while not listener.is_told:
        await listener.wait(30)


def test_a_change_wakes_those_who_wait_for_its_job(hw: Headway) -> None:
    """Who waits for one job is woken by what happens to it, and by nobody else's; who waits for anything by all."""
    quiet, busy = hw.submit("quiet").id, hw.submit("busy").id

    async def listen() -> tuple[bool, bool]:
        changes = Changes(Site(hw))
        with changes.listening(quiet) as of_quiet, changes.listening(busy) as of_busy, changes.listening() as of_any:
            listeners = (of_quiet, of_busy, of_any)
            for listener in listeners:  # each looks once more: its job may have moved before it was watched
                await told(listener)
                listener.begin()
            for move in (hw.pause, hw.resume):
                await asyncio.to_thread(move, busy)
                for listener in (of_busy, of_any):
                    await told(listener)
                    listener.begin()
            others = of_quiet.is_told
            await asyncio.to_thread(hw.cancel, quiet)
            await told(of_quiet)
            return others, of_quiet.is_told

    assert asyncio.run(listen()) == (False, True)


def test_a_deleted_job_wakes_those_who_wait_for_it(hw: Headway) -> None:
    """The same where it is gone: they look, and say so."""
    job = hw.cancel(hw.submit("short-lived")).id

    async def listen() -> bool:
        with Changes(Site(hw)).listening(job) as listener:
            await told(listener)
            listener.begin()
            await asyncio.to_thread(hw.delete, job)
            await told(listener)
            return listener.is_told

    assert asyncio.run(listen())


def test_the_watch_for_changes_goes_on_after_any_failure(hw: Headway, monkeypatch: pytest.MonkeyPatch) -> None:
    """Who waits looks once where the watch fails, also of what is no error of Headway, and is woken as before."""
    job, changed, failures = hw.submit("copy").id, hw.changed, [OSError(errno.EMFILE, "too many open files")]

    def changed_or_not(seen: int, timeout_s: float) -> int:
        if failures:
            raise failures.pop()
        return changed(seen, timeout_s)

    monkeypatch.setattr(hw, "changed", changed_or_not)

    async def listen() -> bool:
        with Changes(Site(hw)).listening(job) as listener:
            await told(listener)
            listener.begin()
            await asyncio.to_thread(hw.pause, job)
            await told(listener)
            return listener.is_told

    assert asyncio.run(asyncio.wait_for(listen(), 60))
