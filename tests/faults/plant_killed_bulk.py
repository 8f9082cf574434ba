"""Planted in a worker: it is killed in the midst of a bulk job, a moment after it has begun with so many jobs of it.

It kills itself: a kill from outside may come when the bulk job is over.
"""

from __future__ import annotations

import os
import random
import signal
import threading
from itertools import count
from typing import Any

from headway.runtime.bulk import Many
from headway.runtime.item import ItemAtHand

KILL_AT = "HEADWAY_TEST_KILL_AT"
"""The environment variable that says with how many."""
LONGEST_S = 0.02

_begun = count(1)
_ask = Many._ask


def _asks_and_dies(many: Many, item: ItemAtHand) -> dict[str, Any] | None:
    if next(_begun) == int(os.environ[KILL_AT]):
        threading.Timer(random.uniform(0, LONGEST_S), os.kill, (os.getpid(), signal.SIGKILL)).start()
    return _ask(many, item)


if KILL_AT in os.environ:
    Many._ask = _asks_and_dies  # type: ignore[assignment, method-assign]
