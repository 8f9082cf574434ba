"""Log lines as JSON, one a line: what was asked, with the id of its request."""

from __future__ import annotations

import json
import logging
from datetime import UTC, datetime

LOG = logging.getLogger("headway.server")


class JsonFormatter(logging.Formatter):
    """One JSON object a record. Control characters are escaped, so that no text can make a line of its own."""

    def format(self, record: logging.LogRecord) -> str:
        told = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
            **getattr(record, "told", {}),
        }
        if record.exc_info:
            told["trace"] = self.formatException(record.exc_info)
        return json.dumps(told, default=str)  # ASCII alone: what is not is escaped too
