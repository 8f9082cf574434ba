"""A new file that has its name only when it is whole."""

from __future__ import annotations

import fcntl
import os
import re
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from headway.errors import InvalidInput
from headway.store.sqlite.refusals import network

BESIDE = ("-journal", "-wal", "-shm")
"""What SQLite keeps beside a file, by the ends of the names."""


@contextmanager
def until_whole(path: str) -> Iterator[str]:
    """A file beside it, which gets the name at the end of the block; it goes where the block fails.

    It is locked meanwhile, so that what was left over by one that was killed is known, and goes first.
    """
    folder, name = os.path.split(path)
    _clear(folder, name)
    descriptor, part = _part(folder, name)
    try:
        yield part
        _give_name(part, path)
    finally:
        _remove_beside(part)
        Path(part).unlink(missing_ok=True)
        os.close(descriptor)
    _sync(folder)


def _part(folder: str, name: str) -> tuple[int, str]:
    """A new file that is locked before anybody could take it for one that was left over."""
    while True:
        descriptor, part = tempfile.mkstemp(".part", f".{name}.", folder)
        try:
            if not network(part):  # where SQLite's own locks would be refused beside it
                with suppress(OSError):  # a file system without such locks: nobody else gets one, and clears it
                    fcntl.flock(descriptor, fcntl.LOCK_EX)
            if os.path.exists(part):
                return descriptor, part
        except BaseException:
            os.close(descriptor)
            raise
        os.close(descriptor)


def _clear(folder: str, name: str) -> None:
    """Removes what backups under that name have left over that were killed: nobody has it locked."""
    form = re.compile(re.escape(f".{name}.") + r"[a-z0-9_]{8}\.part")
    try:
        found = (
            [] if network(os.path.join(folder, name)) else [one for one in os.listdir(folder) if form.fullmatch(one)]
        )
    except OSError:
        return  # what is wrong with the folder is said when the file is made
    for part in (os.path.join(folder, one) for one in found):
        with suppress(OSError), open(part, "rb") as left:
            fcntl.flock(left, fcntl.LOCK_EX | fcntl.LOCK_NB)
            _remove_beside(part)
            os.unlink(part)


def _give_name(part: str, path: str) -> None:
    """Raises InvalidInput where the name was taken meanwhile."""
    try:
        os.link(part, path)
    except OSError as problem:
        if os.path.lexists(path):
            raise InvalidInput(f"{path} came to be there meanwhile, and was not overwritten.") from problem
        os.rename(part, path)  # a file system without hard links


def _remove_beside(path: str) -> None:
    for end in BESIDE:
        Path(path + end).unlink(missing_ok=True)


def _sync(path: str) -> None:
    """Makes the names in a folder as durable as what is in the files."""
    folder = os.open(path, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
