"""What a run gave, as JSON to keep and as Markdown for docs/performance.md."""

from __future__ import annotations

import os
import platform
from collections.abc import Iterator, Sequence
from importlib import metadata
from typing import Any

from benchmarks.contest import Goal, Limit
from benchmarks.rounds import Outcome, median

PACKAGES = ("headway", "apsw", "psycopg", "tqdm", "rich", "huey", "dbos")


def machine(postgres: str | None) -> dict[str, Any]:
    """Where the figures come from: processor, system, versions."""
    return {
        "cores": os.cpu_count(),
        "system": f"{platform.system()} {platform.release()} {platform.machine()}",
        "python": platform.python_version(),
        "postgresql": postgres,
        "packages": {name: _version(name) for name in PACKAGES},
    }


def _version(package: str) -> str | None:
    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:
        return None


def document(where: dict[str, Any], seconds: float, outcomes: Sequence[Outcome]) -> dict[str, Any]:
    """Every single figure of a run, by measure and round."""
    measures = {
        outcome.measure.name: {
            "units": dict(outcome.measure.figures),
            "rounds": outcome.rounds,
            "absent": outcome.absent,
        }
        for outcome in outcomes
    }
    return {"machine": where, "seconds": round(seconds, 1), "measures": measures}


def markdown(where: dict[str, Any], outcomes: Sequence[Outcome]) -> str:
    """Three tables: the figures, the ratios, the bounds; then who took no part, and why."""
    return "\n\n".join(part for part in _parts(where, outcomes) if part)


def _parts(where: dict[str, Any], outcomes: Sequence[Outcome]) -> Iterator[str]:
    versions = ", ".join(f"{name} {version}" for name, version in where["packages"].items() if version)
    yield (
        f"{where['cores']} cores, {where['system']}, Python {where['python']}, "
        f"PostgreSQL {where['postgresql'] or 'none'}; {versions}."
    )
    yield _table(
        ("what", "contestant", "median", "lowest to highest", "unit", "rounds"),
        [row for outcome in outcomes for row in _figures(outcome)],
    )
    yield _table(
        ("what", "ratio", "median", "lowest to highest", "to reach"),
        [row for outcome in outcomes for goal in outcome.measure.goals for row in _ratio(outcome, goal)],
    )
    yield _table(
        ("what", "of", "median", "to reach"),
        [row for outcome in outcomes for limit in outcome.measure.limits for row in _limit(outcome, limit)],
    )
    yield "\n".join(
        f"- {outcome.measure.name}: {name} took no part ({reason})."
        for outcome in outcomes
        for name, reason in outcome.absent.items()
    )


def _figures(outcome: Outcome) -> Iterator[tuple[str, ...]]:
    for figure, unit in outcome.measure.figures.items():
        for contestant in outcome.measure.contestants:
            values = outcome.values(contestant.name, figure)
            if values:
                yield outcome.measure.name, contestant.name, *_spread(values), unit, str(len(values))


def _ratio(outcome: Outcome, goal: Goal) -> Iterator[tuple[str, ...]]:
    ratios = outcome.ratios(goal)
    middle = median(ratios)
    if middle is not None:
        what = f"{outcome.measure.name}, {outcome.measure.figures[goal.figure]}"
        spread = f"{_share(min(ratios))} to {_share(max(ratios))}"
        yield what, f"{goal.ours} / {goal.other}", _share(middle), spread, _verdict(str(goal), goal.met(middle))


def _limit(outcome: Outcome, limit: Limit) -> Iterator[tuple[str, ...]]:
    middle = median(outcome.values(limit.ours, limit.figure))
    if middle is not None:
        what = f"{outcome.measure.name}, {outcome.measure.figures[limit.figure]}"
        yield what, limit.ours, _number(middle), _verdict(f"≤ {limit.at_most:g}", middle <= limit.at_most)


def _verdict(bound: str, met: bool) -> str:
    return bound and f"{bound}: {'reached' if met else '**not reached**'}"


def _spread(values: list[float]) -> tuple[str, str]:
    middle = median(values)
    return _number(middle or 0.0), f"{_number(min(values))} to {_number(max(values))}"


def _share(ratio: float) -> str:
    """A ratio; far below one it is read more easily the other way round."""
    return _number(ratio) if ratio >= 0.1 else f"1/{_number(1 / ratio)}"


def _number(value: float) -> str:
    """Three significant digits: more would be noise."""
    if abs(value) >= 100:
        return f"{value:,.0f}"
    return f"{value:.3g}"


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    if not rows:
        return ""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)
