"""The benchmarks' own arithmetic; no figure of theirs is asserted anywhere."""

from __future__ import annotations

from pathlib import Path

import apsw

from benchmarks import report
from benchmarks.contest import Contestant, Goal, Limit, Measure, Place, Results
from benchmarks.progress import commits
from benchmarks.rounds import Outcome, play

GOAL = Goal("per_s", "ours", "theirs", at_least=2)


def _measure(*contestants: Contestant) -> Measure:
    limits = (Limit("per_s", "ours", at_most=5),)
    return Measure("made up", {"per_s": "a second"}, contestants, (GOAL,), limits)


def _never(_place: Place) -> Results:
    raise AssertionError("this contestant must not run")


def test_a_ratio_is_formed_within_a_round() -> None:
    """What slows the machine for one round slows both sides of its ratio."""
    rounds = [
        {"ours": {"per_s": 30.0}, "theirs": {"per_s": 10.0}},
        {"ours": {"per_s": 3.0}, "theirs": {"per_s": 1.0}},
    ]
    assert Outcome(_measure(), rounds).ratios(GOAL) == [3.0, 3.0]


def test_a_round_in_which_one_side_is_missing_gives_no_ratio() -> None:
    """Figures of different rounds are never compared."""
    rounds: list[dict[str, Results]] = [{"ours": {"per_s": 30.0}}, {"theirs": {"per_s": 10.0}}]
    assert Outcome(_measure(), rounds).ratios(GOAL) == []


def test_who_can_not_take_part_is_named_with_the_reason() -> None:
    """A peer that is not installed, or a database that is not there, does not end the run."""
    absent = Contestant("theirs", _never, package="no_such_package")
    serverless = Contestant("ours", _never, "postgresql")
    outcome = play(_measure(absent, serverless), rounds=1, new_database=None, tell=lambda _: None)
    assert outcome.absent == {"theirs": "no_such_package is not installed", "ours": "no PostgreSQL server"}


def test_the_tables_say_which_goals_are_not_reached() -> None:
    """A ratio below its goal, or a figure over its bound, stands out."""
    rounds = [{"ours": {"per_s": 15.0}, "theirs": {"per_s": 10.0}}]
    text = report.markdown(report.machine(None), [Outcome(_measure(Contestant("ours", _never)), rounds)])
    assert "| 1.5 | 1.5 to 1.5 | ≥ 2: **not reached** |" in text
    assert "| 15 | ≤ 5: **not reached** |" in text


def test_commits_are_counted_in_the_wal_index(tmp_path: Path) -> None:
    """Each transaction of a WAL database counts once, whatever it wrote."""
    connection = apsw.Connection(str(tmp_path / "jobs.db"))
    connection.pragma("journal_mode", "wal")
    connection.execute("CREATE TABLE line (data)")
    before = commits(tmp_path / "jobs.db")
    for _ in range(7):
        connection.execute("BEGIN; INSERT INTO line VALUES (1); INSERT INTO line VALUES (2); COMMIT")
    assert commits(tmp_path / "jobs.db") - before == 7
