"""How long an attempt goes on without a heartbeat, by the clock of its machine."""

from __future__ import annotations

import logging
from concurrent.futures import ThreadPoolExecutor
from threading import Event

import pytest

from headway.runtime import leash
from headway.runtime.leash import Leash
from headway.runtime.outbox import Outbox
from headway.store.claiming import SELF_STOP_S
from headway.testing import Clock


class MachineClock(Clock):
    """A machine's own clock, which a test moves all the same."""

    real = True


def _held(clock: Clock, joined_to: str | None = None) -> tuple[Leash, Outbox]:
    """An attempt whose lease was renewed just now, and what watches it."""
    box = Outbox("job", 1, None, joined_to)
    box.renewed_at, box.watched = clock.boot(), clock.real and joined_to is None
    return Leash(clock, lambda: [box], lambda _: None), box


def _pass(clock: Clock, watch: Leash, seconds: float) -> None:
    """Time passes in a process that is under way."""
    for _ in range(round(seconds)):
        clock.advance(1)
        watch.look()


def test_it_stops_by_the_clock_alone(caplog: pytest.LogCaptureFixture) -> None:
    """G3: an attempt is told 20 s after its last accepted heartbeat, not sooner, and the log says why, once."""
    clock = MachineClock()
    watch, box = _held(clock)
    with caplog.at_level(logging.ERROR, logger="headway"):
        _pass(clock, watch, SELF_STOP_S - 1)
        assert (box.lost, box.heard.is_set(), watch.is_over(box)) == (False, False, False)
        _pass(clock, watch, 1)
        assert (box.lost, box.heard.is_set()) == (True, True)
        _pass(clock, watch, 1)
    (said,) = (record.getMessage() for record in caplog.records)
    assert said.startswith("no heartbeat was accepted by the database for 20 s")


def test_a_process_that_stood_still_renews_its_leases_first() -> None:
    """G4: a laptop that slept goes on with what nobody has taken; until that is known its attempts wait."""
    clock = MachineClock()
    watch, box = _held(clock)
    clock.advance(3600)
    asked = Event()
    with ThreadPoolExecutor(1) as threads:
        box.listeners.append(asked.set)
        waits = threads.submit(watch.hold, box)
        watch.look()
        assert (box.lost, watch.in_doubt) == (False, True)
        watch.renewed(box, clock.boot())
        waits.result(60)
    assert (box.lost, watch.in_doubt, asked.is_set()) == (False, False, False)


def test_a_process_that_stood_still_does_not_wait_for_ever() -> None:
    """G3: without an answer its attempts are given up within seconds."""
    clock = MachineClock()
    watch, box = _held(clock)
    clock.advance(3600)
    watch.look()
    _pass(clock, watch, leash.CHANCE_S)
    assert box.lost


@pytest.mark.parametrize("joined_to", [None, "worker"])
def test_whose_heartbeats_are_not_its_own_is_not_stopped(joined_to: str | None) -> None:
    """Time that a test moves stops nobody, nor does silence a process that has joined another one's job."""
    clock = Clock() if joined_to is None else MachineClock()
    watch, box = _held(clock, joined_to)
    _pass(clock, watch, 3 * SELF_STOP_S)
    assert not box.lost
    watch.look(refused=True)
    assert box.lost == (joined_to is None)
