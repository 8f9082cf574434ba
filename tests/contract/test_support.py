"""The support bundle: what helps somebody from afar, and nothing of what jobs work on."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

import headway
from headway import Context, Headway, HeadwayError, Secret

CANARY = "c4n4ry-of-a-test"


@headway.job("support.fails")
def fails(ctx: Context, place: str, password: Secret) -> None:
    """A job that tells what it works on, everywhere."""
    ctx.log(f"at {place}")
    ctx.checkpoint({"place": place})
    ctx.progress(message=place)
    raise ConnectionError(f"{place} does not answer {password.reveal()}")


class Coded(HeadwayError):
    """An error whose code is what a job works on."""

    code = CANARY


@headway.job("support.coded")
def coded(ctx: Context) -> None:
    """A job that puts a secret where a code belongs."""
    raise Coded("no")


@headway.job("support.ends")
def ends(ctx: Context, place: str) -> str:
    """A job with a result."""
    ctx.artifact(place, place.encode())
    return place


def test_the_bundle_holds_nothing_of_what_jobs_work_on(hw: Headway, monkeypatch: pytest.MonkeyPatch) -> None:
    """SEC canary: no secret, input, result, message, log line, label, id, configuration or environment is in it."""
    monkeypatch.setenv("HEADWAY_TOKEN", CANARY)
    hw.create_session("acme", {"place": CANARY, "password": Secret(CANARY)}, owner=CANARY)
    known: dict[str, Any] = {"name": CANARY, "session": "acme", "external_id": CANARY, "context_id": CANARY}
    known["labels"] = {"at": CANARY}
    hw.submit(fails, {"place": CANARY, "password": Secret(CANARY)}, **known)
    hw.submit(ends, {"place": CANARY}, **known)
    hw.work_until_idle()
    found = hw.support()
    assert CANARY not in msgspec.json.encode(found).decode()
    assert found.counts == {"failed": 1, "completed": 1}


def test_the_bundle_tells_only_codes_of_headway(hw: Headway) -> None:
    """SEC canary: a code that a job has made up may be anything; it is told as another one."""
    hw.submit(coded)
    hw.work_until_idle()
    error = hw.failures().failures[0]
    assert (error.code, [one.code for one in hw.support().failures or ()]) == (CANARY, ["other"])


def test_what_can_not_be_read_hides_nothing_else(hw: Headway) -> None:
    """ux Settings: a part of the bundle whose table is damaged is null, and the others are told."""
    hw.submit("copy")
    hw._database.change_schema(lambda transaction: transaction.script("DROP TABLE workers"))
    found = hw.support()
    assert (found.workers, found.counts, found.failures) == (None, {"pending": 1}, [])


def test_the_bundle_tells_how_the_installation_is(hw: Headway) -> None:
    """ux Settings: release, libraries, schema, workers, counts, what waits and failures by cause."""
    hw.submit(fails, {"place": "here", "password": Secret("pw")})
    hw.work_until_idle()
    with hw.worker(slots=3):
        found = hw.support()
    assert (found.here.release, "apsw" in found.here.libraries) == (headway.__version__, True)
    assert found.store is not None
    assert (found.store.schema, found.store.missing) == (found.store.wanted, [])
    assert [(one.type, one.cause, one.count) for one in found.failures or ()] == [("support.fails", "network", 1)]
    assert found.waiting == {"failed": 1}
    assert 3 in [worker.slots for worker in found.workers or ()]
