"""Alternating rounds: every contestant once a round, each go a fresh process with clean files."""

from __future__ import annotations

import importlib.util
import json
import os
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.contest import Contestant, Goal, Measure, Results

ROOT = Path(__file__).parent.parent
LONGEST_GO_S = 120.0

NewDatabase = Callable[[], str]


@dataclass
class Outcome:
    """What the rounds of one measure gave: figures by contestant and round, and why somebody took no part."""

    measure: Measure
    rounds: list[dict[str, Results]] = field(default_factory=list)
    absent: dict[str, str] = field(default_factory=dict)

    def values(self, contestant: str, figure: str) -> list[float]:
        """A contestant's figure in every round that has it."""
        found = (played.get(contestant, {}).get(figure) for played in self.rounds)
        return [value for value in found if value is not None]

    def ratios(self, goal: Goal) -> list[float]:
        """Ours divided by the other's, within each round: what slowed the machine slowed both."""
        pairs = ((played.get(goal.ours, {}), played.get(goal.other, {})) for played in self.rounds)
        return [
            ours[goal.figure] / other[goal.figure]
            for ours, other in pairs
            if goal.figure in ours and other.get(goal.figure)
        ]


def median(values: list[float]) -> float | None:
    """The median, or None where nothing was measured."""
    return statistics.median(values) if values else None


def play(measure: Measure, rounds: int, new_database: NewDatabase | None, tell: Callable[[str], None]) -> Outcome:
    """Run the rounds. The one who starts a round moves on each time, so that no one always goes first."""
    outcome = Outcome(measure)
    players = [one for one in measure.contestants if _may_play(one, new_database, outcome)]
    for number in range(rounds):
        first = number % len(players) if players else 0
        played = {}
        for contestant in players[first:] + players[:first]:
            if contestant.name in outcome.absent:
                continue
            tell(f"{measure.name} {number + 1}/{rounds}: {contestant.name}")
            results = _go(measure, contestant, new_database, outcome)
            if results is not None:
                played[contestant.name] = results
        outcome.rounds.append(played)
    return outcome


def _may_play(contestant: Contestant, new_database: NewDatabase | None, outcome: Outcome) -> bool:
    if contestant.package and importlib.util.find_spec(contestant.package) is None:
        outcome.absent[contestant.name] = f"{contestant.package} is not installed"
    elif contestant.database == "postgresql" and new_database is None:
        outcome.absent[contestant.name] = "no PostgreSQL server"
    return contestant.name not in outcome.absent


def _go(measure: Measure, contestant: Contestant, new_database: NewDatabase | None, outcome: Outcome) -> Results | None:
    """One go in a process of its own; a contestant that fails once is left out of the rounds that follow."""
    postgres = new_database() if new_database and contestant.database == "postgresql" else ""
    with tempfile.TemporaryDirectory(prefix="headway-bench-") as folder:
        command = [sys.executable, "-m", "benchmarks.go", measure.name, contestant.name, folder, postgres]
        try:
            ended = subprocess.run(
                command, cwd=ROOT, env=_environment(folder), capture_output=True, text=True,
                timeout=LONGEST_GO_S, check=True,
            )  # fmt: skip
            return dict(json.loads(ended.stdout.splitlines()[-1]))
        except subprocess.CalledProcessError as failure:
            outcome.absent[contestant.name] = f"failed: {_last_line(failure.stderr)}"
        except subprocess.TimeoutExpired:
            outcome.absent[contestant.name] = f"not done after {LONGEST_GO_S:g} s"
        return None


def _environment(folder: str) -> dict[str, str]:
    """This process's environment, with the user's own files out of reach of whoever runs."""
    return os.environ | {"HOME": folder, "TMPDIR": folder, "XDG_DATA_HOME": folder, "HEADWAY_URL": ""}


def _last_line(text: str) -> str:
    lines = [line for line in text.splitlines() if line.strip()]
    return lines[-1].strip() if lines else "it wrote nothing on standard error"
