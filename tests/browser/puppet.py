"""A job whose every move a test decides: what is told here, the job `browser.puppet` does, in order."""

from __future__ import annotations

import json
import threading
from pathlib import Path
from typing import Any, Self

from headway import Headway, Job
from tests.browser.jobs import LOOK_S, done_file
from tests.faults.side import notes


class Puppet:
    """The test's side of one job. Commands are kept beside it: after a resume it goes on with the next one."""

    def __init__(self, hw: Headway, path: Path, type: str = "browser.puppet", **options: Any) -> None:
        self._hw = hw
        self._path = path
        self._told = 0
        path.touch()
        self.job: Job = hw.submit(type, {"path": str(path)}, **{"name": path.stem, **options})

    @property
    def now(self) -> Job:
        """The job as it is."""
        return self._hw.get(self.job)

    def tell(self, **command: Any) -> Self:
        """Gives it a command: the parameters of jobs._do, or result= to complete."""
        with self._path.open("a") as commands:
            commands.write(json.dumps(command) + "\n")
        self._told += 1
        return self

    def did(self) -> Self:
        """Returns when it works and everything that it was told is done and stored."""
        self._hw.wait(self.job, until="running", timeout_s=120)
        looking = threading.Event()
        while len(notes(done_file(self._path))) < self._told:
            looking.wait(LOOK_S)
        return self

    def end(self, result: object = "done") -> Job:
        """Lets it complete, and waits for that."""
        self.tell(result=result)
        return self._hw.wait(self.job, timeout_s=60)
