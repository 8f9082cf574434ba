"""Large trees: a verb moves them in parts, so that nobody else waits for long."""

from __future__ import annotations

import pytest

from headway import Headway
from headway.store import moving
from headway.tracker import control


@pytest.mark.parametrize("scope", ["tree", "session"])
def test_a_large_tree_is_moved_in_parts(hw: Headway, monkeypatch: pytest.MonkeyPatch, scope: str) -> None:
    """S4.26, architecture 7: no transaction moves more than a chunk, and all that is below is moved when it returns."""
    root = hw.submit("family")
    middle = [hw.submit("family", parent=root) for _ in range(3)]
    ids = {root.id, *(job.id for job in middle)}
    ids |= {one for job in middle for one in hw.submit_many("family", [{}] * 3, parent=job)}
    most: list[int] = []
    apply = moving.apply

    def counted(transaction: object, changes: object, now: float) -> object:
        most.append(len(changes))  # type: ignore[arg-type]
        return apply(transaction, changes, now)  # type: ignore[arg-type]

    monkeypatch.setattr(moving, "apply", counted)
    monkeypatch.setattr(control, "CHUNK", 4)
    for move, state in ((hw.pause, "paused"), (hw.resume, "pending"), (hw.cancel, "cancelled")):
        move("default" if scope == "session" else root, scope=scope)  # type: ignore[call-overload]
        assert {job.id for job in hw.jobs(state=state)} == ids
    assert max(most) <= 4
