"""Who waits for a change of a file, and who closes it meanwhile."""

from __future__ import annotations

import os
import queue
import threading
from contextlib import ExitStack
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


def test_a_watcher_that_ended_is_replaced_and_never_written_to(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever ends it, the next who waits begins another; who closes writes into nobody else's file."""
    (tmp_path / "jobs.db").touch()
    bell = Doorbell(str(tmp_path / "jobs.db"), SystemClock())
    died: queue.Queue[threading.Thread] = queue.Queue()
    monkeypatch.setattr(Doorbell, "_ring_for", lambda *_: died.put(threading.current_thread()))
    for _ in range(2):
        bell.wait(0, 0)
        died.get(timeout=60).join()
    with ExitStack() as held:
        others = [held.enter_context(open(tmp_path / f"{one}", "wb", 0)) for one in range(8)]  # with the numbers it had
        bell.close()
        assert [os.fstat(other.fileno()).st_size for other in others] == [0] * 8
