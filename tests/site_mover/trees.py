"""Small made-up sites, and what a tree holds, so that two can be compared."""

from __future__ import annotations

import os
import random
from collections.abc import Mapping
from pathlib import Path

AWKWARD = {
    b"empty.txt": b"",
    b"with space.txt": b"1",
    b"new\nline.txt": b"2",
    "grün/ümläut ☃.txt".encode(): b"3",
    b"latin-\xe9\xff.txt": b"4",
    b"-dash": b"5",
    b"back\\slash": b"6",
    b"deep/er/and/er/file": b"7",
    b"n" * 250: b"8",
}


def write_tree(root: Path, files: Mapping[bytes, bytes]) -> None:
    """Make these files below root, each with its own time and mode."""
    for number, (name, content) in enumerate(files.items()):
        path = os.path.join(os.fsencode(root), name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "wb") as file:
            file.write(content)
        os.chmod(path, 0o640 if number % 2 else 0o644)
        os.utime(path, (1_700_000_000 + number, 1_700_000_000 + number))


def many_files(count: int, seed: int = 1) -> dict[bytes, bytes]:
    """A tree of small files with seeded contents."""
    dice = random.Random(seed)
    return {
        b"d%02d/s%d/f%05d.php" % (at % 37, at % 3, at): dice.randbytes(dice.randrange(0, 600)) for at in range(count)
    }


def contents(root: Path) -> dict[bytes, bytes]:
    """Every file and link below root: what it holds, or where it points."""
    found = {}
    top = os.fsencode(root)
    for folder, folders, names in os.walk(top):
        for name in names + [each for each in folders if os.path.islink(os.path.join(folder, each))]:
            path = os.path.join(folder, name)
            found[os.path.relpath(path, top)] = _content(path)
    return found


def _content(path: bytes) -> bytes:
    if os.path.islink(path):
        return b"-> " + os.readlink(path)
    with open(path, "rb") as file:
        return file.read()


def facts(root: Path) -> dict[bytes, tuple[int, int]]:
    """Mode and time (whole seconds) of every file below root."""
    top = os.fsencode(root)
    return {
        name: (found.st_mode & 0o777, int(found.st_mtime))
        for name in contents(root)
        if not os.path.islink(path := os.path.join(top, name))
        for found in [os.lstat(path)]
    }
