"""Ctrl-C between any two steps of some code."""

from __future__ import annotations

import sys
from collections.abc import Callable
from types import FrameType
from typing import Any


def interrupted(work: Callable[[], object], files: tuple[str, ...], moment: int) -> bool:
    """Works, with a KeyboardInterrupt at that moment at which Python looks for signals in one of these files: after a
    call, and before the first line of a function. Whether there was such a moment.
    """
    passed = 0

    def look(frame: FrameType, event: str, _: Any) -> None:
        nonlocal passed
        if event in {"call", "c_return"} and frame.f_code.co_filename.endswith(files):
            passed += 1
            if passed == moment:
                raise KeyboardInterrupt

    sys.setprofile(look)
    try:
        work()
    except KeyboardInterrupt:
        return True
    finally:
        sys.setprofile(None)
    return False
