"""Moves as pages ask for them: scan, plan and transfer are one job each, with connection configs instead of addresses.

A config has protocol ("sftp", or "file" for a folder of the worker), host, port, username, password and root_path,
and of the options of an address: key, known_hosts, host_key, password_env, passphrase_env.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import quote

import headway
from examples.site_mover.connect import place
from examples.site_mover.exclusions import DEFAULT, Exclusions
from examples.site_mover.jobs import folder_of
from examples.site_mover.places import Place
from examples.site_mover.plan import Options as PlanOptions
from examples.site_mover.plan import plan_move
from examples.site_mover.pool import Ends
from examples.site_mover.scan import scan_site
from examples.site_mover.transfer import Options, Transfer

_OPTIONS = ("key", "known_hosts", "host_key", "password_env", "passphrase_env")


@headway.job("website.scan", keep_s=headway.DAY_S)
def scan(ctx: headway.Context, source: dict[str, Any], exclusions: list[str] | None = None) -> dict[str, Any]:
    """Walk the source and count it. exclusions: glob patterns, else the usual ones."""
    return _scan(ctx, source, exclusions)


@headway.job("website.plan", keep_s=headway.DAY_S)
def plan(
    ctx: headway.Context,
    source: dict[str, Any],
    destination: dict[str, Any],
    exclusions: list[str] | None = None,
    skip_large_files: int | None = None,
    files: list[str] | None = None,
) -> dict[str, Any]:
    """Say what a transfer would do. skip_large_files: bytes; files: only these."""
    chosen = PlanOptions(Exclusions(()), skip_large_files, None if files is None else frozenset(files))
    ctx.plan({"scan": 1, "plan": 1})
    with ctx.phase("scan"):
        scanned = ctx.step("scan", partial(_scan, ctx, source, exclusions))
    with ctx.phase("plan"):
        return _plan(ctx, source, destination, Path(scanned["manifest"]), chosen)


@headway.job("website.transfer", keep_s=headway.DAY_S)
def transfer(
    ctx: headway.Context,
    source: dict[str, Any],
    destination: dict[str, Any],
    exclusions: list[str] | None = None,
    skip_large_files: int | None = None,
    files: list[str] | None = None,
    bandwidth_limit: float | None = None,
    verify_after_transfer: bool = True,
    dry_run: bool = False,
) -> dict[str, Any]:
    """Scan, plan, and copy what the destination lacks. bandwidth_limit: bytes per second."""
    chosen = PlanOptions(Exclusions(()), skip_large_files, None if files is None else frozenset(files))
    with ctx.phase("scan"):
        scanned = ctx.step("scan", partial(_scan, ctx, source, exclusions))
    with ctx.phase("plan"):
        planned = ctx.step("plan", partial(_plan, ctx, source, destination, Path(scanned["manifest"]), chosen))
    options = Options(bandwidth_limit=bandwidth_limit, verify_after_transfer=verify_after_transfer, dry_run=dry_run)

    def connect() -> Ends:
        return Ends(connected(source), connected(destination))

    return Transfer(ctx, connect, Path(planned["plan"]), options, password=_password(destination)).run()


def connected(config: Mapping[str, Any]) -> Place:
    """The place of a config. Raises ValueError, PlaceLost."""
    password = _password(config)
    return place(address_of(config), password.reveal() if password else None)


def _password(config: Mapping[str, Any]) -> headway.Secret | None:
    given = config.get("password")
    return given if isinstance(given, headway.Secret) else None


def address_of(config: Mapping[str, Any]) -> str:
    """A config as an address, without its password. Raises ValueError."""
    protocol, root = config.get("protocol", "sftp"), str(config.get("root_path") or "/")
    if protocol == "file":
        return root
    if protocol != "sftp" or not config.get("host"):
        raise ValueError(f"protocol {protocol!r} with host {config.get('host')!r}: expected sftp with a host, or file")
    user = f"{quote(str(config['username']), safe='')}@" if config.get("username") else ""
    port = f":{int(config['port'])}" if config.get("port") else ""
    options = "&".join(f"{name}={quote(str(config[name]), safe='/+:')}" for name in _OPTIONS if config.get(name))
    return f"sftp://{user}{config['host']}{port}{quote(root)}?{options}"


def _scan(ctx: headway.Context, source: Mapping[str, Any], exclusions: list[str] | None) -> dict[str, Any]:
    manifest = folder_of(ctx, None) / "manifest.jsonl"
    left_out = Exclusions(DEFAULT if exclusions is None else exclusions)
    with _places(source) as (found,):
        return scan_site(ctx, found, address_of(source), manifest, left_out)


def _plan(
    ctx: headway.Context,
    source: Mapping[str, Any],
    destination: Mapping[str, Any],
    manifest: Path,
    options: PlanOptions,
) -> dict[str, Any]:
    target = folder_of(ctx, None) / "plan.jsonl"
    with _places(source, destination) as (here, there):
        return plan_move(ctx, here, there, manifest, target, address_of(destination), options)


@contextmanager
def _places(*configs: Mapping[str, Any]) -> Iterator[tuple[Place, ...]]:
    if not configs:
        yield ()
        return
    with closing(connected(configs[0])) as first, _places(*configs[1:]) as rest:
        yield first, *rest
