"""Progress, read out of what command line tools print. Pure: text in, numbers out."""

from __future__ import annotations

from headway.runtime.meters.choose import meter_for, wants_terminal
from headway.runtime.meters.reading import Meter, Reading, plain

__all__ = ["Meter", "Reading", "meter_for", "plain", "wants_terminal"]
