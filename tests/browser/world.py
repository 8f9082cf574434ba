"""A server with something of everything: jobs in all states, sessions with versions, a long log, failed items."""

from __future__ import annotations

from pathlib import Path

from headway import DAY_S, Headway, Job
from tests.browser.puppet import Puppet
from tests.browser.serving import Served
from tests.faults.child import Child

CONFIG = {"source": "sftp://old.example/www", "target": "/srv/www", "limits": {"rows": 500, "tries": 3}}
AWAY = "tests.browser.jobs_away"


class World:
    """Jobs by the name of what they show, on a running server. They stay as they are until the test is over."""

    def __init__(self, served: Served, folder: Path) -> None:
        self.hw: Headway = served.hw
        self.address = served.address
        self._gate = str(folder / "gate")
        self._folder = folder
        self.jobs: dict[str, Job] = {}
        self._sessions()
        self._ended()
        self._held()
        self._running()

    def __getitem__(self, name: str) -> Job:
        return self.jobs[name]

    def _sessions(self) -> None:
        self.hw.create_session("acme", CONFIG, "browser.configured", 2, keep_s=30 * DAY_S)
        self.hw.save_session("acme", {**CONFIG, "limits": {"rows": 800, "tries": 3}, "dry_run": True}, note="more rows")
        self.hw.add_recovery_rule("browser.never-there", "a rule to look at")

    def _ended(self) -> None:
        hw = self.hw
        for n in range(6):
            self._add(f"quick {n}", hw.submit("browser.quick", {"text": f"text {n}"}, name=f"Nightly check {n}"))
        self._add("completed", hw.submit("browser.configured", name="Read the configuration", session="acme"))
        self._add("items", hw.submit("browser.ledger", {"count": 120}, name="Fetch pages"))
        self._add("log", hw.submit("browser.log", {"lines": 3000}, name="Talkative"))
        self._add("failed", hw.submit("browser.failing", name="Load rows"))
        self._add("rolled back", hw.submit("browser.failing", name="Load other rows"))
        self._add("restarted", hw.submit("browser.quick", name="Weekly check", external_id="weekly-17"))
        for job in self.jobs.values():
            hw.wait(job, timeout_s=60)
        hw.wait(hw.rollback(self["rolled back"]), timeout_s=60)
        self._add("cancelled", self._cancelled())

    def _cancelled(self) -> Job:
        job = self.hw.submit("browser.wait", {"gate": self._gate}, name="Copy images")
        self.hw.wait(job, until="running", timeout_s=60)
        self.hw.cancel(job, reason="the wrong target")
        return self.hw.wait(job, timeout_s=60)

    def _held(self) -> None:
        hw = self.hw
        paused = hw.submit("browser.wait", {"gate": self._gate}, name="Copy videos")
        hw.pause(paused, reason="the target is full")
        self._add("paused", paused)
        self._add("pending", hw.submit("site.unknown", {"n": 1}, name="Nobody has this type"))
        self._add("interrupted", self._interrupted())

    def _interrupted(self) -> Job:
        """A job whose worker was killed after its checkpoint."""
        given = {"gate": self._gate, "side": str(self._folder / "side")}
        job = self.hw.submit("browser.away", given, name="Import customers")
        with Child("tests.faults.worker_main", self.hw.url, 1, AWAY) as worker:
            worker.line("holding")
        return self.hw.wait(job, until="interrupted", timeout_s=60)

    def _running(self) -> None:
        hw, gate = self.hw, self._gate
        self._add("steps", hw.submit("browser.steps", {"gate": gate}, name="Migrate example.org"))
        self._add("family", hw.submit("browser.family", {"gate": gate}, name="Move three sites"))
        puppet = Puppet(hw, self._folder / "puppet", name="Import customers of 2025")
        puppet.tell(progress={"done": 5_500, "total": 10_000, "unit": "rows", "message": "customers.csv"})
        puppet.tell(checkpoint={"row": 5_500}, log=["half of it is in"]).did()
        self._add("progress", puppet.job)

    def _add(self, name: str, job: Job) -> None:
        self.jobs[name] = job
