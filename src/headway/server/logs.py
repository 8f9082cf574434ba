"""The server's log: what was asked, with the id of its request."""

from __future__ import annotations

import logging

LOG = logging.getLogger("headway.server")
