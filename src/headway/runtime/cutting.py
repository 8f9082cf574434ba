"""Work that breaks because the process is stopped: the children of a pool hear Ctrl-C sooner than the job does."""

from __future__ import annotations

from concurrent.futures import BrokenExecutor

from headway.runtime.outbox import Outbox

CUT = (KeyboardInterrupt, BrokenExecutor)
"""What the result of a pool raises whose processes were told to end."""
GRACE_S = 4.0
"""How long a stop may take to reach the job after its children have ended from it: twice what a wait for a job may not
hear of a signal.
"""


def stop_follows(error: BaseException, outbox: Outbox) -> bool:
    """Whether this error is the first sign of a stop that is asked of the job, now or in a moment.

    A terminal and a service manager send their signal to every process of a group at once, so nobody knows whether a
    child or the worker is first to act on it.
    """
    return isinstance(error, CUT) and outbox.heard.wait(GRACE_S)
