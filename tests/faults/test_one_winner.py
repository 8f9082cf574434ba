"""A cancel, a pause and the end of a job at the same moment (T18; G7)."""

from __future__ import annotations

import random
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import headway
from headway import Headway, IllegalMove, Job
from tests.faults import checks

PAIRS = 200
_gates: dict[int, threading.Barrier] = {}


@headway.job("faults.contested")
def contested(ctx: headway.Context, n: int, over: float, asked: float) -> str:
    """Ends so soon after everybody who contests it is ready; asked: when they ask."""
    _gates[n].wait(60)
    ctx.wait_asked(over)
    return "done"


def _acknowledged(verb: Callable[[Job], Job], job: Job) -> bool:
    """Calls a verb so soon after everybody is ready; whether it was taken."""
    _gates[job.input["n"]].wait(60)
    threading.Event().wait(job.input["asked"])
    try:
        verb(job)
    except IllegalMove:
        return False
    return True


def test_of_a_cancel_a_pause_and_the_end_one_wins(url: str, dice: random.Random) -> None:
    """G7, T18: the history is legal, and a job whose cancel was acknowledged is never completed."""
    ends = set()
    with Headway(url) as hw, Headway(url) as other, Headway(url) as third, ThreadPoolExecutor(2) as callers:
        with hw.worker(slots=1, types=["faults.contested"]):
            for n in range(PAIRS):
                _gates[n] = threading.Barrier(3)
                over, asked = dice.choice([(0, 0), (0, 0), (0.001, 0), (0.005, 0), (0, 0.002), (0, 0.05)])
                job = hw.submit("faults.contested", {"n": n, "over": over, "asked": asked})
                pause = callers.submit(_acknowledged, other.pause, job)
                cancel = callers.submit(_acknowledged, third.cancel, job)
                cancelled, _ = cancel.result(60), pause.result(60)
                ended = hw.wait(job, timeout_s=60)
                assert ended.state == ("cancelled" if cancelled else "completed")
                checks.history(hw, job)
                ends.add(ended.state)
        checks.counted_right(hw)
    assert ends == {"cancelled", "completed"}
    checks.sound(url)
