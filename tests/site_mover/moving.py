"""Scan and plan without jobs, and transfers as jobs whose every write a test may see and stop at."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, cast

import headway
from examples.site_mover import jobs
from examples.site_mover import plan as planning
from examples.site_mover.exclusions import Exclusions
from examples.site_mover.local import LocalPlace
from examples.site_mover.places import Part, Place
from examples.site_mover.plan import plan_move
from examples.site_mover.pool import Ends
from examples.site_mover.scan import scan_site
from examples.site_mover.transfer import Options, Transfer
from headway import Context, Headway, Job
from headway.testing import Clock
from tests.site_mover.recording import Recording

Seen = Callable[[str, int], object]
"""Is told of each write: the path, and how many bytes this attempt has written in all. True stops the job there."""


def planned(work: Path, source: Place, destination: Place, **options: Any) -> dict[str, Any]:
    """Scan and plan; the plan is work/plan."""
    work.mkdir(exist_ok=True)
    scan_site(Recording(), source, "from", work / "manifest", Exclusions(()))
    chosen = planning.Options(**{"exclusions": Exclusions(()), **options})
    return plan_move(Recording(), source, destination, work / "manifest", work / "plan", "to", chosen)


class Move:
    """A job that carries out work/plan between two places, with a journal in work/journal; one file at a time."""

    def __init__(self, work: Path, source: Place, destination: Place, clock: Clock | None = None, **options: Any):
        self.hw = Headway(":memory:", clock=clock)
        self.plan, self.source, self.destination = work / "plan", source, destination
        self.options = Options(**{"journal": str(work / "journal"), "concurrency": 1, **options})
        self.job = self.hw.submit(_work)
        self.clock: dict[str, Any] = {}
        _LIVE[self.job.id] = self

    def run(self, seen: Seen = lambda path, written: None) -> Job:
        """One attempt: the first one, or the next after a stop."""
        self._seen, self._written = seen, 0
        if self.hw.get(self.job).state == "paused":
            self.hw.resume(self.job)
        self.hw.work_until_idle()
        return self.hw.get(self.job)

    def work(self, ctx: Context) -> dict[str, Any]:
        """The function of the job."""
        self.ctx = ctx
        return Transfer(ctx, self._ends, self.plan, self.options, **self.clock).run()

    def _ends(self) -> Ends:
        source, destination = _own(self.source), _own(self.destination)
        return Ends(cast(Place, _Kept(source)), cast(Place, _Watched(destination, self)))

    def written(self, path: str, size: int) -> None:
        """Bytes were written; where the test stops here, the job has heard of it when this returns."""
        self._written += size
        if self._seen(path, self._written) is True and not self.ctx.stopping:
            self.hw.pause(self.job)
            assert self.ctx.wait_asked(120)


def _own(place: Place) -> Place:
    """For each thread its own, where that is a folder; for a server the test has one connection."""
    return LocalPlace(place.root) if isinstance(place, LocalPlace) else place


_LIVE: dict[str, Move] = {}


@headway.job("test.transfer")
def _work(ctx: Context) -> dict[str, Any]:
    return _LIVE[ctx.job_id].work(ctx)


class _Kept:
    """A place that is closed by the test, not by the job."""

    def __init__(self, place: Place) -> None:
        self._place = place

    def __getattr__(self, name: str) -> Any:
        return getattr(self._place, name)

    def close(self) -> None:
        """Later: the next attempt uses it again."""


class _Watched(_Kept):
    def __init__(self, place: Place, move: Move) -> None:
        super().__init__(place)
        self._move = move

    def open_part(self, path: str, offset: int = 0) -> Part:
        part = self._place.open_part(path, offset)
        write = part.write

        def written(data: bytes) -> None:
            write(data)
            self._move.written(path, len(data))

        part.write = written  # type: ignore[method-assign]
        return part


def transferred(work: Path, source: Place, destination: Place, **options: Any) -> dict[str, Any]:
    """Carry out work/plan, with a journal in work/journal; the result. Time passes by itself where the job waits."""
    move = Move(work, source, destination, Clock(), **options)
    move.run()
    result: dict[str, Any] = move.hw.result(move.job)
    return result


def planned_by_jobs(hw: Headway, source: str | Path, destination: str | Path, work: Path) -> str:
    """Scan and plan as jobs; the path of the plan."""
    scanned = hw.submit(jobs.scan, {"source": str(source), "exclusions": [], "work_folder": str(work)})
    hw.work_until_idle()
    given = {"manifest": hw.result(scanned)["manifest"], "destination": str(destination), "work_folder": str(work)}
    planned = hw.submit(jobs.plan, given)
    hw.work_until_idle()
    return str(hw.result(planned)["plan"])


def journal(work: Path) -> list[list[str]]:
    """The words of each line of work/journal."""
    file = work / "journal"
    return [line.split() for line in file.read_text().splitlines()] if file.exists() else []
