"""The end of a command whose supervisor has died."""

from __future__ import annotations

import os
import subprocess
from types import TracebackType
from typing import Self

from headway.store import forking

# It sleeps in `read` until its input says a word (all is well) or ends (whoever held the other end is dead).
# It asks every second whether the group still lives: its number may soon be that of somebody else.
_WATCH = """
read -r word && exit
kill -s TERM -- "-$1"
kill -s CONT -- "-$1"
left=$2
while kill -s 0 -- "-$1"; do
    if [ "$left" -eq 0 ]; then kill -s KILL -- "-$1"; exit; fi
    sleep 1
    left=$((left - 1))
done
"""
GRACE_S = 10


class Lifeline:
    """Ends a process group when this process dies, however it dies: SIGTERM, after 10 s SIGKILL.

    Otherwise a killed worker would leave its command running, and the next attempt would start a second one.
    A tiny shell waits at the other end of a pipe. The kernel's own way (PR_SET_PDEATHSIG) is not used: it
    needs code between fork and exec, which is unsafe beside threads, fires when the thread that forked ends,
    and spares grandchildren.
    """

    def __init__(self, group: int) -> None:
        read_end, self._held = os.pipe()
        forking.keeps(self)
        try:
            self._watcher = subprocess.Popen(
                ["/bin/sh", "-c", _WATCH, "headway-lifeline", str(group), str(GRACE_S)],
                stdin=read_end,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                cwd="/",
                env={"PATH": os.defpath},
                start_new_session=True,
            )
        except BaseException:
            self._close()
            raise
        finally:
            os.close(read_end)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            os.write(self._held, b"well\n")
        except BrokenPipeError:
            pass  # somebody ended the watcher: there is nobody to tell
        finally:
            self._close()
        self._watcher.wait()

    def let_go_in_child(self) -> None:
        """See forking.Keeper: the line is to end with this process alone."""
        forking.blank(self._held)

    def _close(self) -> None:
        forking.keeps_no_more(self)
        os.close(self._held)
