"""Who waits for a change of a file, and who closes it meanwhile."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from headway.clock import SystemClock
from headway.store.sqlite.doorbell import Doorbell


def test_a_file_is_closed_while_somebody_begins_to_wait(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever closes finds the thread that hears of changes begun, or not there; it ends, and none begins later."""
    (tmp_path / "jobs.db").touch()
    bell, start = Doorbell(str(tmp_path / "jobs.db"), SystemClock()), threading.Thread.start
    closing = threading.Thread(target=bell.close)

    def begin(thread: threading.Thread) -> None:
        if thread.name == "headway-doorbell":
            start(closing)
        start(thread)

    monkeypatch.setattr(threading.Thread, "start", begin)
    bell.wait(1, 120)
    closing.join()
    bell.wait(0, 0)
    assert bell._watcher is None
