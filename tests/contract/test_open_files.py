"""Processes with very many open files, as a server has that thousands read from."""

from __future__ import annotations

import os
import resource
from collections.abc import Iterator
from contextlib import ExitStack

import pytest

from headway import Headway

MANY = 1100
"""More than select() can wait for."""


@pytest.fixture
def many_files() -> Iterator[None]:
    """So many files are open that every new one has a number beyond 1023; as far as this user may have them."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    most = 4 * MANY if hard == resource.RLIM_INFINITY else min(hard, 4 * MANY)
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, most), hard))
    with ExitStack() as held:
        for _ in range(min(MANY, most // 2)):
            held.callback(os.close, os.open(os.devnull, os.O_RDONLY | os.O_CLOEXEC))
        yield
    resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


@pytest.mark.usefixtures("many_files")
def test_changes_are_heard_beside_many_open_files(url: str) -> None:
    """Whoever waits for a change is woken by it, however many files its process has open."""
    with Headway(url) as hw, Headway(url) as other:
        seen = hw._database.wait(0, 0)
        heard = seen
        for _ in range(300):  # until it listens
            other.submit("a")
            heard = hw._database.wait(seen, 0.2)
            if heard != seen:
                break
        assert heard != seen
