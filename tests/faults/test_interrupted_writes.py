"""A Ctrl-C comes between any two steps of a write: after a call, and before the first line of a function."""

from __future__ import annotations

import fcntl
import os
import threading
from collections.abc import Callable
from functools import partial
from pathlib import Path

import apsw
import pytest

from headway import Headway
from tests.faults.ctrl_c import interrupted

WRITING = ("sqlite/database.py", "sqlite/transaction.py", "sqlite/problems.py", "sqlite/turn.py", "contextlib.py")
"""The files between whose steps it comes here."""


def submitting(hw: Headway) -> None:
    hw.submit("x")


def own_statements(hw: Headway) -> None:
    with hw._database.transaction() as transaction:
        transaction.connection.execute("SELECT 1")


def is_free(lock: Path) -> bool:
    """Whether another process could have it at once."""
    file = os.open(lock, os.O_RDWR)
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    finally:
        os.close(file)
    return True


@pytest.mark.parametrize("write", [submitting, own_statements])
def test_an_interrupted_write_leaves_nothing_held(tmp_path: Path, write: Callable[[Headway], None]) -> None:
    """Wherever Ctrl-C meets a write, everybody can write afterwards: other processes, other threads, this one (T4)."""
    file = tmp_path / "jobs.db"
    with Headway(str(file)) as hw:
        hw.submit("x")
        other = apsw.Connection(str(file))
        moment = 1
        while interrupted(partial(write, hw), WRITING, moment):
            assert is_free(Path(f"{file}.turn")), moment
            assert is_free(Path(f"{file}.next")), moment
            other.execute("BEGIN IMMEDIATE; ROLLBACK")  # in SQLite itself nobody stands in the way either
            beside = threading.Thread(target=hw.submit, args=("x",), daemon=True)
            beside.start()
            beside.join(60)
            assert not beside.is_alive(), moment
            hw.submit("x")
            moment += 1
        other.close()
    assert moment > 20


def test_a_transaction_without_an_owner_is_rolled_back(tmp_path: Path) -> None:
    """A write that was broken off so that not even its end was reached is undone by the next one of its process."""
    with Headway(str(tmp_path / "jobs.db")) as hw:
        hw.submit("x")
        hw._database._writer.execute("BEGIN IMMEDIATE")  # type: ignore[attr-defined]
        hw._database._turn.take()  # type: ignore[attr-defined]
        assert hw.submit("x").number == 2
        assert is_free(tmp_path / "jobs.db.turn")
