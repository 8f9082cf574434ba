"""Manifests and plans: files of JSON lines that are written on after a crash, and read from any line.

The first line says what the file is, the last one holds its totals and so tells that it is complete.
Names that are not UTF-8 are kept as lone surrogates in \\u escapes, so the files themselves are plain
ASCII.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from examples.site_mover.errors import IncompleteFile
from examples.site_mover.places import Entry, name_bytes, quoted, unquoted

_LONGEST_KEY = 2000  # bytes that a ledger takes
_TAIL = 1 << 20  # bytes: longer than any line of totals


class LineWriter:
    """Appends records to a file that is first cut to `at` bytes: what an attempt wrote after its last
    checkpoint.
    """

    def __init__(self, path: str | Path, at: int = 0) -> None:
        self._file = os.fdopen(os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600), "r+b")
        self._file.truncate(at)
        self._file.seek(at)

    def write(self, record: Mapping[str, Any]) -> None:
        self._file.write(json.dumps(record, separators=(",", ":")).encode("ascii") + b"\n")

    def flush(self) -> int:
        """Make what was written durable. Returns the length of the file."""
        self._file.flush()
        os.fsync(self._file.fileno())
        return self._file.tell()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._file.close()


def read_lines(path: str | Path, at: int = 0) -> Iterator[tuple[int, int, dict[str, Any]]]:
    """Each record from the offset `at` on, with where its line begins and where the next one does."""
    with open(path, "rb") as file:
        file.seek(at)
        for line in file:
            yield at, at + len(line), json.loads(line)
            at += len(line)


def read_at(path: str | Path, at: int) -> dict[str, Any]:
    """The record whose line begins at this offset."""
    return next(record for _, _, record in read_lines(path, at))


def read_header(path: str | Path, kind: str) -> dict[str, Any]:
    """The first line of a complete file of this kind ("manifest", "plan"), with its totals under "totals"."""
    header = read_at(path, 0)
    if header.get("headway") != kind:
        raise IncompleteFile(f"{path} is no {kind}: its first line says {header.get('headway')!r}")
    with open(path, "rb") as file:
        file.seek(max(0, os.path.getsize(path) - _TAIL))
        last = file.readlines()[-1]
    if not last.endswith(b"\n") or not last.startswith(b'{"totals"'):
        raise IncompleteFile(f"{path} ends without totals: the job that writes it has not completed")
    return {**header, **json.loads(last)}


def entry_record(entry: Entry) -> dict[str, Any]:
    """An entry as a record."""
    record = {
        "path": entry.path,
        "kind": entry.kind,
        "size": entry.size,
        "mtime_ns": entry.mtime_ns,
        "mode": entry.mode,
    }
    return record if entry.target is None else {**record, "target": entry.target}


def entry_of(record: Mapping[str, Any]) -> Entry:
    """The entry in a record."""
    names = ("path", "kind", "size", "mtime_ns", "mode", "target")
    return Entry(**{name: record[name] for name in names if name in record})


def member_of(path: str) -> tuple[str, dict[str, Any]]:
    """A path as the key of an item, and what of the path its value has to hold; path_of gives it back."""
    key = "".join(char if char.isprintable() and char != "%" else quoted(char) for char in path)
    if len(key.encode()) <= _LONGEST_KEY:
        return key, {}
    return f"sha256:{hashlib.sha256(name_bytes(path)).hexdigest()}", {"path": quoted(path)}


def path_of(key: str, value: Mapping[str, Any] | None) -> str:
    """The path of an item."""
    return unquoted((value or {}).get("path", key))
