"""Kills a process at each place in and between steps and undos, and lets another one roll back.

URL SIDE STEP... MODULE...: the numbers of the steps, and what is planted.
Each place gets a process for the deed and one for what comes after, forked from this one, which has nothing open.
After each it tells a line: the place, the numbers of the job and of its rollback, and what was undone at the kill.
"""

from __future__ import annotations

import importlib
import os
import signal
import sys
import traceback
from collections.abc import Callable
from functools import partial

from headway import Headway, Job
from tests.faults import jobs_undo
from tests.faults.jobs_undo import IN_THE_JOB, places
from tests.faults.side import say


def main(url: str, side: str, *given: str) -> None:
    for module in given:
        if not module.isdecimal():
            importlib.import_module(f"tests.faults.{module}")
    for n in (int(step) for step in given if step.isdecimal()):
        for name in places(n):
            killed = _in_a_process(partial(_deed, url, side, name, n))
            if killed != signal.SIGKILL:
                raise RuntimeError(f"the place {name} {n} was not reached: {killed}")
            if _in_a_process(partial(_aftermath, url, name, n)) != 0:
                raise RuntimeError(f"after {name} {n} the rollback did not come to its end")


def _deed(url: str, side: str, name: str, n: int) -> None:
    """Runs a job, and where the place is in its rollback that too, up to the place."""
    jobs_undo.kill_at(name, n)
    with Headway(url) as hw:
        job = hw.submit(jobs_undo.make, {"side": side})
        hw.work_until_idle()
        hw.rollback(job)
        hw.work_until_idle()


def _aftermath(url: str, name: str, n: int) -> None:
    """Rolls back, or lets the rollback go on, to its end."""
    with Headway(url) as hw:
        job = next(job for job in hw.jobs() if job.type == "faults.make")
        done = [undo.position for undo in hw.undos(job) if undo.state == "done"]
        rollback = _rollback(hw, hw.cancel(job) if name in IN_THE_JOB else job)
        hw.work_until_idle()
        say("place", name, n, job.number, rollback.number, *done)


def _rollback(hw: Headway, job: Job) -> Job:
    if job.ended:
        return hw.rollback(job)
    under_way = hw.last_rollback(job)
    assert under_way is not None
    return under_way


def _in_a_process(work: Callable[[], None]) -> int:
    """Forks a process for `work`; the signal that killed it, 0 where it came to its end."""
    child = os.fork()
    if child == 0:
        code = 1
        try:
            work()
            code = 0
        except BaseException:
            traceback.print_exc()
        finally:
            os._exit(code)
    _, status = os.waitpid(child, 0)
    return os.WTERMSIG(status) if os.WIFSIGNALED(status) else -os.WEXITSTATUS(status)


if __name__ == "__main__":
    main(*sys.argv[1:])
