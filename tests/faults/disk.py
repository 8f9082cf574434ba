"""A disk that can be filled up and emptied again."""

from __future__ import annotations

import os
import resource
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Protocol

_ADMINISTRATOR = 21
"""The number of CAP_SYS_ADMIN (capabilities(7)), without which nothing can be mounted."""


class Disk(Protocol):
    """A folder whose space can run out."""

    folder: Path

    def fill(self, *pids: int) -> None:
        """From now on nothing more fits: for these processes at least."""

    def free(self, *pids: int) -> None:
        """There is room again."""


class Mounted:
    """A file system of 4 MiB, filled with ballast."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def fill(self, *pids: int) -> None:
        with suppress(OSError), open(self.folder / "ballast", "ab", buffering=0) as ballast:
            while ballast.write(b"b" * 512):
                pass

    def free(self, *pids: int) -> None:
        (self.folder / "ballast").unlink()


class Limited:
    """A folder in which no file of these processes may grow: what needs no rights to set up."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def fill(self, *pids: int) -> None:
        largest = max(file.stat().st_size for file in self.folder.iterdir())
        for pid in pids:
            _, most = resource.prlimit(pid, resource.RLIMIT_FSIZE)
            resource.prlimit(pid, resource.RLIMIT_FSIZE, (largest, most))

    def free(self, *pids: int) -> None:
        for pid in pids:
            _, most = resource.prlimit(pid, resource.RLIMIT_FSIZE)
            resource.prlimit(pid, resource.RLIMIT_FSIZE, (most, most))


def kinds() -> list[str]:
    """The kinds of disk that can be had here."""
    return ["mounted", "limited"] if _may_mount() else ["limited"]


@contextmanager
def disk(kind: str, folder: Path) -> Iterator[Disk]:
    """A disk of that kind at that folder, gone afterwards."""
    folder.mkdir()
    if kind == "limited":
        limited = Limited(folder)
        yield limited
        limited.free(os.getpid())
        return
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=4m", "headway-test", str(folder)], check=True)
    try:
        yield Mounted(folder)
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)


def _may_mount() -> bool:
    status = Path("/proc/self/status").read_text()
    effective = next(line.split()[1] for line in status.splitlines() if line.startswith("CapEff:"))
    return bool(int(effective, 16) >> _ADMINISTRATOR & 1)
