"""Meters of tools that fetch over the network: curl, wget, docker."""

from __future__ import annotations

import re

from headway.runtime.meters.reading import BYTES, Meter, Reading, amount, percentage

_SIZE = r"[\d.]+[kKMGTP]?"
_TIME = r"(?:[-\d]+[dhmsy:\s]*[-\d:dhms]*)"
_CURL = re.compile(
    rf"\s*(?P<percent>\d+)\s+(?P<total>{_SIZE})\s+\d+\s+(?P<received>{_SIZE})\s+\d+\s+(?P<sent>{_SIZE})"
    rf"\s+{_SIZE}\s+{_SIZE}\s+{_TIME}\s+{_TIME}\s+{_TIME}\s+{_SIZE}\s*"
)
_CURL_HEAD = re.compile(r"\s*% Total\s+% Received.*|\s*Dload\s+Upload\s.*")
_CURL_BAR = re.compile(r"\s*#*\s*(?P<percent>\d+(?:\.\d+)?)%\s*")
_WGET_LENGTH = re.compile(r"\s*\w+: (?P<total>\d+)(?: \(.*\))?(?: \[.*\])?\s*")
_WGET_BAR = re.compile(r"\s*(?P<name>\S.*?)?\s+(?P<percent>\d+)%\[[^\]]*\]\s+(?P<done>[\d.,]+[KMGT]?)\b.*")
_WGET_DOTS = re.compile(r"\s*\d+[KMG]?(?:\s+[.,]+)+\s+(?P<percent>\d+)%\s.*")
_LAYER = re.compile(
    r"(?P<layer>[0-9a-f]{12}): (?P<does>Downloading|Extracting)\s+\[[^\]]*\]"
    r"\s+(?P<done>\S+)/(?P<total>\S+)\s*"
)
_LAYER_HERE = re.compile(r"(?P<layer>[0-9a-f]{12}): (?:Download complete|Pull complete|Already exists)\s*")


class Curl(Meter):
    """curl: its table, or the bar of -#. Of several transfers it shows the one that runs."""

    def find(self, text: str, redraw: bool) -> Reading | None:
        if bar := _CURL_BAR.fullmatch(text):
            return Reading(percent=percentage(bar["percent"]), whole=True)
        if _CURL_HEAD.fullmatch(text):
            return Reading(whole=True)
        match = _CURL.fullmatch(text)
        if match is None:
            return None
        total = amount(match["total"], 1024) or None
        done = (amount(match["received"], 1024) or 0) + (amount(match["sent"], 1024) or 0)
        return Reading(
            done=done,
            total=total,
            unit=BYTES,
            percent=percentage(match["percent"]) if total else None,
            whole=True,
        )


class Wget(Meter):
    """wget: its bar on a terminal, or its dots. Of several files it shows the one that runs."""

    def __init__(self) -> None:
        self._total: float | None = None

    def find(self, text: str, redraw: bool) -> Reading | None:
        if length := _WGET_LENGTH.fullmatch(text):
            self._total = float(length["total"])
            return None
        if dots := _WGET_DOTS.fullmatch(text):
            return Reading(percent=percentage(dots["percent"]), whole=True)
        match = _WGET_BAR.fullmatch(text)
        if match is None:
            return None
        percent = percentage(match["percent"])
        return Reading(
            done=self._done(match["done"]),
            total=self._total,
            unit=BYTES,
            percent=percent,
            message=match["name"],
            whole=True,
        )

    def _done(self, shown: str) -> float | None:
        """The bytes shown, which are rounded and so may pass the exact total."""
        done = amount(shown, 1024)
        return done if done is None or self._total is None else min(done, self._total)


class Docker(Meter):
    """docker pull: the bytes of all layers seen so far. The total grows while layers still begin."""

    def __init__(self) -> None:
        self._layers: dict[str, tuple[float, float]] = {}

    def find(self, text: str, redraw: bool) -> Reading | None:
        if here := _LAYER_HERE.fullmatch(text):
            return self._complete(here["layer"])
        match = _LAYER.fullmatch(text)
        if match is None:
            return None
        done, total = amount(match["done"]), amount(match["total"])
        if match["does"] == "Downloading" and done is not None and total:
            self._layers[match["layer"]] = (done, total)
        return self._sum()

    def _complete(self, layer: str) -> Reading | None:
        if layer not in self._layers:
            return None
        total = self._layers[layer][1]
        self._layers[layer] = (total, total)
        return self._sum(whole=False)

    def _sum(self, whole: bool = True) -> Reading:
        done = sum(done for done, _ in self._layers.values())
        total = sum(total for _, total in self._layers.values())
        return Reading(done=done, total=total or None, unit=BYTES, whole=whole)
