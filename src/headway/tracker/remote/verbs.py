"""All remote verbs in one class."""

from __future__ import annotations

from headway.tracker.remote.control import Control
from headway.tracker.remote.finding import Finding
from headway.tracker.remote.overview import Overview
from headway.tracker.remote.reading import Reading
from headway.tracker.remote.refused import Refused
from headway.tracker.remote.sessions import Sessions
from headway.tracker.remote.waiting import Waiting


class Remote(Finding, Reading, Overview, Control, Sessions, Waiting, Refused):
    """The verbs of a server. `Headway("https://...")` makes it; what runs jobs belongs on the server's side."""
