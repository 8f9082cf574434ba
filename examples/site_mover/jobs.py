"""The three jobs of a move, and how its transfer is undone. Scan hands plan a file, and plan transfer another one.

Files lie in the job's work folder, which the worker that goes on with a job must reach as well.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path
from typing import Any

import headway
from examples.site_mover import plan as planning
from examples.site_mover import transfer as transferring
from examples.site_mover.connect import place
from examples.site_mover.exclusions import DEFAULT, Exclusions
from examples.site_mover.places import Place
from examples.site_mover.pool import Ends
from examples.site_mover.records import read_header
from examples.site_mover.scan import scan_site
from examples.site_mover.undo import Undoing


@headway.job("site.scan")
def scan(
    ctx: headway.Context, source: str, exclusions: list[str] | None = None, work_folder: str | None = None
) -> dict[str, Any]:
    """Walk the source and write its manifest. exclusions: glob patterns, else the usual ones."""
    manifest = folder_of(ctx, work_folder) / "manifest.jsonl"
    with _places(source) as (found,):
        return scan_site(ctx, found, source, manifest, Exclusions(DEFAULT if exclusions is None else exclusions))


@headway.job("site.plan")
def plan(
    ctx: headway.Context,
    manifest: str,
    destination: str,
    exclusions: list[str] | None = None,
    skip_large_files: int | None = None,
    files: list[str] | None = None,
    compare: str = "checksum",
    work_folder: str | None = None,
) -> dict[str, Any]:
    """Compare a manifest with the destination and write the plan. skip_large_files: bytes. files: only
    these.
    """
    source = read_header(manifest, "manifest")["source"]
    options = planning.Options(
        Exclusions(exclusions or ()), skip_large_files, None if files is None else frozenset(files), compare
    )
    target = folder_of(ctx, work_folder) / "plan.jsonl"
    with _places(source, destination) as (here, there):
        return planning.plan_move(ctx, here, there, Path(manifest), target, destination, options)


@headway.job("site.transfer")
def transfer(
    ctx: headway.Context,
    plan: str,
    bandwidth_limit: float | None = None,
    verify_after_transfer: bool = True,
    dry_run: bool = False,
    tries: int = 3,
    max_failed: int | None = None,
    concurrency: int | None = None,
    journal: str | None = None,
) -> dict[str, Any]:
    """Carry out a plan. bandwidth_limit: bytes per second; the other options are those of
    transfer.Options.
    """
    header = read_header(plan, "plan")
    options = transferring.Options(
        bandwidth_limit=bandwidth_limit,
        verify_after_transfer=verify_after_transfer,
        dry_run=dry_run,
        tries=tries,
        max_failed=max_failed,
        concurrency=concurrency,
        journal=journal,
    )
    return transferring.Transfer(
        ctx, lambda: Ends(place(header["source"]), place(header["destination"])), Path(plan), options
    ).run()


@headway.job(transferring.UNDO)
def undo_transfer(
    ctx: headway.Context, job: str, destination: str, password: headway.Secret | None = None
) -> dict[str, Any]:
    """Remove from the destination what a transfer has made there, and nothing else. job: the id of the transfer."""
    return Undoing(ctx, lambda: (place(destination, password.reveal() if password else None),), job).run()


@contextmanager
def _places(*addresses: str) -> Iterator[tuple[Place, ...]]:
    with ExitStack() as stack:
        yield tuple(stack.enter_context(closing(place(address))) for address in addresses)


def folder_of(ctx: headway.Context, given: str | None) -> Path:
    """Where the files of a job lie; made where it is not there. given: else below the user's own cache."""
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    folder = Path(given) if given else cache / "headway" / "site-mover" / ctx.job.id
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder
