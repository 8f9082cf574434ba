"""The words of a benchmark: a place to run in, a contestant, what is measured, what is compared."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

Database = Literal["none", "sqlite", "postgresql"]
Results = dict[str, float]


@dataclass(frozen=True)
class Place:
    """Where one go happens: an empty folder and, if it asked for one, an empty PostgreSQL database."""

    folder: Path
    postgres: str = ""

    def url(self, database: Database) -> str:
        """The address of this place's database, as Headway and SQLAlchemy both write it."""
        return self.postgres if database == "postgresql" else f"sqlite:///{self.folder / 'jobs.db'}"


@dataclass(frozen=True)
class Contestant:
    """One thing to be timed. `go` runs in a fresh process and answers its figures by their keys."""

    name: str
    go: Callable[[Place], Results]
    database: Database = "none"
    package: str | None = None


@dataclass(frozen=True)
class Goal:
    """Ours divided by another's, one figure, and the least or most that this ratio should be."""

    figure: str
    ours: str
    other: str
    at_least: float | None = None
    at_most: float | None = None

    def met(self, ratio: float) -> bool:
        """Whether a ratio reaches the goal; a goal without a number is a comparison only and always met."""
        return (self.at_least is None or ratio >= self.at_least) and (self.at_most is None or ratio <= self.at_most)

    def __str__(self) -> str:
        if self.at_least is not None:
            return f"≥ {self.at_least:g}"
        return "" if self.at_most is None else f"≤ {self.at_most:g}"


@dataclass(frozen=True)
class Limit:
    """A figure of ours that is bounded by itself, without a peer: at most this much, in its unit."""

    figure: str
    ours: str
    at_most: float


@dataclass(frozen=True)
class Measure:
    """One thing measured: its figures with their units, who takes part, and what is compared."""

    name: str
    figures: Mapping[str, str]
    contestants: tuple[Contestant, ...]
    goals: tuple[Goal, ...]
    limits: tuple[Limit, ...] = ()
    rounds: int = 3

    def contestant(self, name: str) -> Contestant:
        """The contestant of this name; raises KeyError naming those there are."""
        known = {contestant.name: contestant for contestant in self.contestants}
        if name not in known:
            raise KeyError(f"{self.name} has no contestant {name!r}; it has {', '.join(known)}")
        return known[name]
