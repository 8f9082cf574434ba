"""What the bar of a block may write."""

from __future__ import annotations

import io

from headway.model.progress import Progress
from headway.runtime.bar import Bar
from headway.testing import Clock


def test_a_label_can_not_steer_the_terminal() -> None:
    """Control characters of a label or an outcome are not written."""
    stream = io.StringIO()
    Bar("\x1b]0;x\x07 import", Clock(), stream).end("completed", Progress(done=1, unit="\x1b[2J"))
    assert "\x1b" not in stream.getvalue()
    assert "import  completed" in stream.getvalue()
