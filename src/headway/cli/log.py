"""The log of a command that goes on for ever, on its standard error: of jobs, of what they log, of requests."""

from __future__ import annotations

import logging
import sys

from headway.runtime import worklog
from headway.runtime.journal import JsonFormatter, MaskingFormatter


def show(as_json: bool, quiet: bool = False) -> None:
    """Lines for people, or JSON for programs. quiet: nothing when a job begins or ends."""
    shown = logging.StreamHandler(sys.stderr)
    shown.setFormatter(JsonFormatter() if as_json else MaskingFormatter("%(asctime)s %(levelname)s %(message)s"))
    logging.basicConfig(level=logging.INFO, handlers=[shown])
    if quiet:
        worklog.LOG.disabled = True
