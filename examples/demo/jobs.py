"""The jobs of the demo, written as users write theirs: a shop that is released, fed, backed up and filmed."""

from __future__ import annotations

import random
import sys
from pathlib import Path
from typing import Any

import headway
from examples.demo.errors import HostAway, NoSpace, RowRefused

BUILD = str(Path(__file__).with_name("build.py"))
STEPS = {"test": 25, "back up": 15, "build": 30, "publish": 20, "warm the cache": 10}


@headway.job("shop.release")
def release(ctx: headway.Context, version: str, site: str, seconds: float = 60) -> dict[str, Any]:
    """A release by plan: every step is recorded, and what has an effect says first how it is taken back."""
    ctx.plan(STEPS)
    share = seconds / sum(STEPS.values())
    ctx.step("test", tests, ctx, STEPS["test"] * share)
    ctx.undo("shop.release.undo", {"site": site, "file": "backup.tar"})
    ctx.step("back up", back_up, ctx, site, STEPS["back up"] * share)
    with ctx.phase("build"):
        ctx.run([sys.executable, BUILD, version, str(STEPS["build"] * share)])
    ctx.undo("shop.release.undo", {"site": site, "file": f"{version}.html"})
    ctx.step("publish", publish, ctx, site, version, STEPS["publish"] * share)
    with ctx.phase("warm the cache"):
        for page in ctx.track([f"/article/{n}" for n in range(40)], "pages", unit="pages"):
            ctx.progress(message=page)
            ctx.sleep(STEPS["warm the cache"] * share / 40)
    return {"version": version, "pages": 40}


def tests(ctx: headway.Context, seconds: float) -> dict[str, int]:
    """Some tests, one of which warns."""
    for number in range(1, 121):
        ctx.sleep(seconds / 120)
        ctx.log(f"test {number:>3}/120 \x1b[32mpassed\x1b[0m", level="debug")
    ctx.warn("test 73 took 4.1 s; expected 1 s at most")
    return {"passed": 120}


def back_up(ctx: headway.Context, site: str, seconds: float) -> dict[str, int]:
    """A backup beside the site."""
    ctx.sleep(seconds)
    return {"bytes": Path(site, "backup.tar").write_bytes(b"\0" * 48_213)}


def publish(ctx: headway.Context, site: str, version: str, seconds: float) -> str:
    """The new front page."""
    ctx.sleep(seconds)
    Path(site, f"{version}.html").write_text(f"<title>{version}</title>")
    return f"{version}.html"


@headway.job("shop.release.undo")
def undo_release(ctx: headway.Context, site: str, file: str) -> None:
    """Removes what a release has made; harmless where it is not there."""
    ctx.sleep(0.5)
    Path(site, file).unlink(missing_ok=True)
    ctx.log(f"{file} is removed")


@headway.job("shop.import-orders")
def import_orders(ctx: headway.Context, rows: int, seconds: float = 10, bad_row: int | None = None) -> dict[str, int]:
    """Orders from a file, row by row; after a retry it goes on with the row that it stopped at."""
    ctx.plan({"check the file": 5, "import": 95})
    ctx.step("check the file", check, ctx, rows)
    with ctx.phase("import"):
        for row in ctx.track(range(1, rows + 1), "rows", unit="rows"):
            if row == bad_row:
                raise RowRefused(
                    f"orders.csv, row {row}: the price '12,50' is not a number: expected a point, as in 12.50. "
                    "Correct the row and retry: the rows before it are not imported again."
                )
            if row % 500 == 0:
                ctx.log(f"{row:,} of {rows:,} orders are in")
            ctx.sleep(seconds / rows)
    return {"orders": rows}


def check(ctx: headway.Context, rows: int) -> dict[str, int]:
    """Whether it is the whole file."""
    ctx.sleep(0.5)
    ctx.log(f"orders.csv has {rows:,} rows")
    return {"rows": rows}


@headway.job("shop.sync-stock", retries=1)
def sync_stock(ctx: headway.Context, warehouse: str, seconds: float = 30, fails: bool = False) -> dict[str, int]:
    """The stock of a warehouse; how much there is shows only on the way."""
    ctx.step("connect", connect, ctx, warehouse, fails)
    found = 0
    for shelf in range(1, 61):
        ctx.sleep(seconds / 60)
        found += random.randint(5, 40)
        ctx.progress(done=found, unit="articles", message=f"shelf {shelf}", data={"shelf": shelf})
    return {"articles": found}


def connect(ctx: headway.Context, warehouse: str, fails: bool) -> str:
    """The connection, or why there is none."""
    ctx.log(f"connecting to {warehouse}:5432")
    if fails:
        raise HostAway(f"{warehouse}:5432 does not answer (connection timed out). See that the VPN is up, then retry.")
    return "connected"


@headway.job("photos.import")
def import_photos(ctx: headway.Context, folder: str, count: int = 240, seconds: float = 90) -> dict[str, int]:
    """Photos by a ledger: each is done, failed, or passed over, and a retry takes the failed ones alone."""
    photos = ctx.items("photos")
    dice = random.Random(folder)
    for number in range(count):
        photos.add(f"{folder}/IMG_{number:04}.jpg", size=dice.randint(200_000, 6_000_000))

    def take(photo: headway.ItemAtHand) -> dict[str, Any]:
        ctx.sleep(seconds * 4 / count)
        number = int(photo.key[-8:-4])
        if number % 61 == 30:
            raise NoSpace(f"{photo.key}: no space left on /srv/photos (1.2 MB needed). Make room, then retry.")
        if number % 23 == 11:
            photo.skip("there already")
        photo.progress(add=int(photo.size or 0))
        return {"width": 6000, "height": 4000}

    counts = ctx.map(take, photos, concurrency=4)
    return {"imported": counts.done, "failed": counts.failed, "skipped": counts.skipped}


@headway.job("media.convert")
def convert(ctx: headway.Context, track: str, seconds: float = 12) -> str:
    """One track of an album."""
    for second in ctx.track(range(int(seconds * 10)), "sound", unit="frames"):
        ctx.progress(message=f"{second / 10:.1f} s")
        ctx.sleep(0.1)
    return f"{track}.opus"


@headway.job("media.album")
def album(ctx: headway.Context, name: str, tracks: int = 8, seconds: float = 12) -> list[str]:
    """A family: one child for each track; while it waits for them it holds no slot."""
    ctx.plan({"read the disc": 10, "children": 80, "write the cover": 10})
    ctx.step("read the disc", read_disc, ctx, tracks)
    children = []
    for n in range(1, tracks + 1):
        given = {"track": f"{n:02}", "seconds": seconds * (0.6 + n / 10)}
        children.append(ctx.spawn(convert, given, name=f"{name}, track {n}", weight=n))
    files: list[str] = ctx.gather(*children)
    ctx.step("write the cover", ctx.sleep, 1)
    return files


def read_disc(ctx: headway.Context, tracks: int) -> int:
    """What is on it."""
    ctx.sleep(2)
    return tracks


@headway.job("video.render", recover=False)
def render(ctx: headway.Context, film: str, frames: int = 900, frame_s: float = 0.1) -> dict[str, Any]:
    """Frame by frame. Lost with its worker it waits for a person, and goes on after its last checkpoint."""
    ctx.undo("video.render.undo", {"film": film})
    first = int(ctx.state.get("frames", 0))
    ctx.log(f"begins with frame {first + 1}")
    for frame in range(first + 1, frames + 1):
        ctx.sleep(frame_s)
        ctx.progress(done=frame, total=frames, unit="frames", message=f"scene {frame // 150 + 1}")
        if frame % 30 == 0:
            ctx.checkpoint(frames=frame, scene=frame // 150 + 1)
            ctx.log(f"{frame} frames are safe")
    return {"film": film, "frames": frames}


@headway.job("video.render.undo")
def undo_render(ctx: headway.Context, film: str) -> None:
    """Throws the frames away."""
    ctx.log(f"the frames of {film} are gone")


@headway.job("night.backup")
def night_backup(ctx: headway.Context, database: str, size_gb: float = 2.0) -> dict[str, Any]:
    """A backup, as long as the database is large."""
    for part in ctx.track(range(10), "parts", unit="parts"):
        ctx.progress(message=f"part {part + 1} of {database}")
        ctx.sleep(size_gb * 4)
    return {"database": database, "bytes": int(size_gb * 1e9)}


@headway.job("feeds.fetch", retries=1)
def fetch_feed(ctx: headway.Context, feed: str, away: bool = False) -> dict[str, int]:
    """One feed; some hosts are away at times."""
    ctx.sleep(random.uniform(0.5, 8))
    if away:
        raise HostAway(f"{feed} does not answer (connection refused). It is tried again with the next fetch.")
    return {"entries": random.randint(0, 40)}


@headway.job("search.index")
def index(ctx: headway.Context, documents: int = 400) -> int:
    """What is searched for."""
    for document in ctx.track(range(documents // 20), "documents", unit="documents"):
        ctx.sleep(0.4 + document % 3 / 4)
    return documents


@headway.job("mail.newsletter")
def newsletter(ctx: headway.Context, readers: int, seconds: float = 120) -> int:
    """Letters in batches; it says which, so that nobody gets two."""
    sent = int(ctx.state.get("sent", 0))
    while sent < readers:
        ctx.sleep(seconds * 50 / readers)
        sent = min(sent + 50, readers)
        ctx.progress(done=sent, total=readers, unit="letters")
        ctx.checkpoint(sent=sent)
    return sent
