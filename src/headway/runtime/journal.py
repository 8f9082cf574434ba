"""The standard `logging` of a job's code, captured into the job's log."""

from __future__ import annotations

import json
import logging
from datetime import UTC, datetime
from functools import cache

from headway.runtime.current import current_context


class JobLogHandler(logging.Handler):
    """Hands each record to the job that its code runs in; records from elsewhere pass by."""

    def emit(self, record: logging.LogRecord) -> None:
        context = current_context()
        if context is None or record.name.startswith("headway."):
            return
        try:
            text = record.getMessage()
            if record.name == "psycopg.pool" and "headway" in text:
                return  # of Headway's own connections, which are no matter of the job
            if record.exc_info:
                text = f"{text}\n{_FORMATTER.formatException(record.exc_info)}"
            context.log(text, level=_level(record.levelno), logger=record.name)
        except Exception:
            self.handleError(record)


class MaskingFormatter(logging.Formatter):
    """Writes a record without the secrets of the job that its code runs in."""

    def format(self, record: logging.LogRecord) -> str:
        return _masked(super().format(record))


class JsonFormatter(logging.Formatter):
    """One JSON object a record, masked too. Control characters are escaped: no text can make a line of its own."""

    def format(self, record: logging.LogRecord) -> str:
        told = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": _masked(record.getMessage()),
            **getattr(record, "told", {}),
        }
        if record.exc_info:
            told["trace"] = _masked(self.formatException(record.exc_info))
        return json.dumps(told, default=str)  # ASCII alone: what is not is escaped too


def _masked(text: str) -> str:
    context = current_context()
    return text if context is None else context.outbox.masked_text(text)


@cache
def capture() -> None:
    """Installs the handler, once per process. The levels that loggers let through are the program's own affair."""
    logging.getLogger().addHandler(JobLogHandler())


def _level(number: int) -> str:
    for least, name in ((50, "critical"), (40, "error"), (30, "warning"), (20, "info")):
        if number >= least:
            return name
    return "debug"


_FORMATTER = logging.Formatter()
