"""One gather under way: the children are looked at, and told of in the progress of their parent."""

from __future__ import annotations

import math
import threading
from collections.abc import Sequence
from typing import TYPE_CHECKING

from headway.runtime.lending import LOOK_S, Lending, heard_by
from headway.runtime.outbox import Outbox
from headway.store import families
from headway.store.families import Child

if TYPE_CHECKING:
    from headway.runtime.attempt import AttemptAtHand
    from headway.runtime.office import Office

SHARE = 20
"""It rests at least so many times as long as a look took, so that large families do not read all the time."""
CALM_S, LONGEST_CALM_S = 0.02, 1.0
"""The shortest and the longest rest between two looks, in seconds."""


class Wait:
    """One gather under way: it lends, looks, rolls up, and takes back."""

    def __init__(
        self, lending: Lending, context: AttemptAtHand, office: Office, wanted: Sequence[str], return_exceptions: bool,
        let_go: threading.Event,
    ) -> None:  # fmt: skip
        self._lending = lending
        self._context = context
        self._office = office
        self._wanted = set(wanted)
        self._return_exceptions = return_exceptions
        self._let_go = let_go
        self._children: list[Child] = []
        self._rest_s = CALM_S

    @property
    def all_ended(self) -> bool:
        """Whether no child is open."""
        return all(child.ended for child in self._children)

    def run(self) -> None:
        """Returns when the wait is over and the job may go on. Raises Halt."""
        try:
            self._wait()
        except Exception:  # the database, for instance: the job's code may catch it and go on
            self._lending.take_back(self)
            raise
        self._lending.take_back(self)

    def _wait(self) -> None:
        lent_by, seen = None, self._office.database.wait(0, 0)
        while not self._over():
            self._context.check()
            if lent_by is not self._context.outbox:  # at first, and after a pause in place
                lent_by = self._context.outbox
                self._lending.lend(self)
            elif lent_by.slot is None or not lent_by.slot.meanwhile(self._children):
                seen = self._rest(lent_by, seen)

    def _over(self) -> bool:
        """Looks at the children, and tells the progress of the job how far they are."""
        began = self._office.clock.precise()
        self._children = self._lending.lasting(lambda: families.of(self._office.database, self._context.job_id))
        roll_up(self._context, self._children)
        mine = [child for child in self._children if child.id in self._wanted]
        spent = self._office.clock.precise() - began
        self._rest_s = min(LONGEST_CALM_S, max(CALM_S, spent * SHARE))
        gone = len(mine) < len(self._wanted)
        failed = any(child.ended and child.state != "completed" for child in mine)
        ended = all(child.ended for child in mine)
        return ended or gone or self._let_go.is_set() or (failed and not self._return_exceptions)

    def _rest(self, outbox: Outbox, seen: int) -> int:
        """Waits until something may have changed; the moment of it."""
        with heard_by(outbox, self._office.database.wake):
            if not outbox.heard.is_set() and not self._let_go.is_set():
                seen = self._office.database.wait(seen, LOOK_S)
            outbox.heard.wait(self._rest_s)  # of real time: a clock that a test moves may stand still
        return seen


def roll_up(context: AttemptAtHand, children: Sequence[Child]) -> None:
    """Tells the progress of a job how far its children are: by weight, an ended one counts fully."""
    if not children:
        return
    whole = math.fsum(child.weight for child in children)
    parts = math.fsum(child.weight * (100.0 if child.ended else child.percent or 0.0) for child in children)
    ended = sum(child.ended for child in children)
    context.measure.roll_up(
        percent=parts / whole if whole else 100.0 * ended / len(children),
        done=ended,
        total=len(children),
        failed=sum(child.ended and child.state != "completed" for child in children),
    )
