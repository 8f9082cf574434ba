"""Scan, plan and transfer without jobs: what the tests of the parts run."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from examples.site_mover import plan as planning
from examples.site_mover.exclusions import Exclusions
from examples.site_mover.places import Place
from examples.site_mover.plan import plan_move
from examples.site_mover.scan import scan_site
from examples.site_mover.transfer import Options, Transfer
from tests.site_mover.recording import Recording


def planned(work: Path, source: Place, destination: Place, **options: Any) -> dict[str, Any]:
    """Scan and plan; the plan is work/plan."""
    work.mkdir(exist_ok=True)
    scan_site(Recording(), source, "from", work / "manifest", Exclusions(()))
    chosen = planning.Options(**{"exclusions": Exclusions(()), **options})
    return plan_move(Recording(), source, destination, work / "manifest", work / "plan", "to", chosen)


def transferred(
    work: Path, source: Place, destination: Place, ctx: Recording | None = None, **options: Any
) -> dict[str, Any]:
    """Carry out work/plan, with a journal in work/journal."""
    chosen = Options(**{"journal": str(work / "journal"), **options})
    return Transfer(ctx or Recording(), source, destination, work / "plan", chosen).run()


def journal(work: Path) -> list[list[str]]:
    """The words of each line of work/journal."""
    return [line.split() for line in (work / "journal").read_text().splitlines()]
