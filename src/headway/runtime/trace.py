"""The traceback of a job's error: the job's own frames, without those of Headway that called it or were called."""

from __future__ import annotations

import os
import sysconfig
import threading
from collections.abc import Iterable
from traceback import FrameSummary, TracebackException

OURS = __name__.partition(".")[0]
PACKAGE = os.path.dirname(os.path.dirname(os.path.abspath(__file__))) + os.sep
LIBRARY = sysconfig.get_path("stdlib") + os.sep
INSTALLED = sysconfig.get_path("purelib") + os.sep


def trace_of(error: BaseException) -> str:
    """How an exception came about, with its causes, for whoever wrote the job.

    Headway's own frames are left out where others remain. Where none do, they stay: except for an error that Headway
    itself means to tell, such as an input that does not fit or a command that ended with 1, whose message says it all.
    Nothing where no frame is left.
    """
    told = TracebackException.from_exception(error)
    return "".join(told.format()) if _leave_out(told, error) else ""


def _leave_out(told: TracebackException, error: BaseException) -> bool:
    """Whether any frame remains."""
    remain = False
    left: list[tuple[TracebackException, BaseException]] = [(told, error)]
    seen: set[int] = set()
    while left:
        told, error = left.pop()
        if id(told) in seen:
            continue
        seen.add(id(told))
        own = _own(told.stack)
        if own or type(error).__module__.partition(".")[0] == OURS:
            told.stack[:] = own
        remain |= bool(told.stack)
        for one, other in ((told.__cause__, error.__cause__), (told.__context__, error.__context__)):
            if one is not None and other is not None:
                left.append((one, other))
        if told.exceptions is not None and isinstance(error, BaseExceptionGroup):
            left += zip(told.exceptions, error.exceptions, strict=False)
    return remain


def _own(stack: Iterable[FrameSummary]) -> list[FrameSummary]:
    """The frames without those of Headway, and of what it has called in Python's own library."""
    own: list[FrameSummary] = []
    ours = True
    for frame in stack:
        ours = frame.filename.startswith(PACKAGE) or (ours and _is_of_python(frame))
        if not ours:
            own.append(frame)
    return own


def _is_of_python(frame: FrameSummary) -> bool:
    return frame.filename.startswith((LIBRARY, "<frozen ")) and not frame.filename.startswith(INSTALLED)


def reraise_of_main(problem: BaseException) -> None:
    """Raises what reached the main thread by Ctrl-C, and nothing else: an exception that fails to tell of itself."""
    if isinstance(problem, KeyboardInterrupt) and threading.current_thread() is threading.main_thread():
        raise problem
