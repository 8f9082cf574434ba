"""Meters of tools that copy bytes on one machine or between two: rsync, dd, pv."""

from __future__ import annotations

import re

from headway.runtime.meters.reading import BYTES, Meter, Reading, amount, percentage

_RSYNC = re.compile(
    r"\s*(?P<done>[\d.,]+[KMGT]?)\s+(?P<percent>\d+)%\s+\S+B/s\s+\S+"
    r"(?:\s+\(xfe?r#\d+,\s+(?P<list>to|ir)-chk=(?P<left>\d+)/(?P<files>\d+)\))?\s*"
)
_DD = re.compile(r"\s*(?P<done>\d+) bytes\b.* copied, .*")
_PV = re.compile(
    r"(?:\s*(?P<name>[^:\[\]]+):)?\s*(?P<done>[\d.,]+\s?[kKMGTPE]?i?B?)\s+\d+:\d\d:\d\d(?::\d\d)?\s"
    r".*?(?:\]\s*(?P<percent>\d+)%.*|\]\s*)"
)


class Rsync(Meter):
    """rsync. With --info=progress2 its percentage is that of the transfer; with --progress that of one file.

    So with per_file the job's progress is the files that are checked (to-chk), and the file's percentage is
    only a message. While rsync still lists files (ir-chk) the number of files is no total.
    """

    def __init__(self, per_file: bool) -> None:
        self._per_file = per_file
        self._file = ""

    def find(self, text: str, redraw: bool) -> Reading | None:
        match = _RSYNC.fullmatch(text)
        if match is None:
            self._file = text.strip() or self._file
            return None
        return self._files(match) if self._per_file else self._bytes(match)

    def _bytes(self, match: re.Match[str]) -> Reading:
        digits = re.sub(r"[.,](?=\d{3}\b)", "", match["done"])  # the separator follows the locale
        return Reading(
            done=amount(digits, 1024),
            unit=BYTES,
            percent=percentage(match["percent"]),
            message=_files_left(match),
            whole=True,
        )

    def _files(self, match: re.Match[str]) -> Reading:
        if match["left"] is None:
            return Reading(message=f"{self._file} {match['percent']}%".strip(), whole=True)
        files, left = float(match["files"]), float(match["left"])
        total = files if match["list"] == "to" else None
        return Reading(done=files - left, total=total, unit="files", message=self._file or None, whole=True)


def _files_left(match: re.Match[str]) -> str | None:
    if match["left"] is None:
        return None
    still_listing = " so far" if match["list"] == "ir" else ""
    return f"{match['left']} of {match['files']} files left{still_listing}"


class Dd(Meter):
    """dd with status=progress. total: bytes, bs times count where both are given."""

    def __init__(self, total: float | None = None) -> None:
        self._total = total

    def find(self, text: str, redraw: bool) -> Reading | None:
        match = _DD.fullmatch(text)
        return match and Reading(done=float(match["done"]), total=self._total, unit=BYTES)


class Pv(Meter):
    """pv. numeric: it was started with -n and prints a bare percentage per line.

    Without -n it has to be started with -f: it draws only on a terminal that it controls, and a job has none.
    """

    def __init__(self, numeric: bool = False) -> None:
        self._numeric = numeric

    def find(self, text: str, redraw: bool) -> Reading | None:
        if self._numeric and (percent := percentage(text)) is not None:
            return Reading(percent=percent, whole=True)
        match = _PV.fullmatch(text)
        if match is None:
            return None
        percent = percentage(match["percent"]) if match["percent"] else None
        unit = BYTES if "B" in match["done"] else "lines"
        return Reading(done=amount(match["done"]), unit=unit, percent=percent, message=match["name"], whole=True)


def dd_total(words: list[str]) -> float | None:
    """The bytes that `dd bs=1M count=40` copies; None when the arguments do not say."""
    given = dict(word.split("=", 1) for word in words if "=" in word)
    size, count = _dd_number(given.get("bs", "512")), _dd_number(given.get("count", ""))
    return None if size is None or count is None else size * count


def _dd_number(text: str) -> float | None:
    """dd's own suffixes: c 1, w 2, b 512, K 1024, kB 1000, and so on."""
    small = {"c": 1.0, "w": 2.0, "b": 512.0}
    if text[:-1].isdigit() and text[-1] in small:
        return float(text[:-1]) * small[text[-1]]
    return amount(text, 1000 if text.endswith("B") else 1024)
