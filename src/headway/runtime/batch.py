"""What is to be stored together."""

from __future__ import annotations

from typing import Any

import msgspec

from headway.store.reporting import Entry, Report

Row = dict[str, Any]


class Batch:
    """Entries in order, and rows of which a later one takes the place of an earlier one of its key."""

    def __init__(self) -> None:
        self.entries: list[Entry] = []
        self.steps: dict[str, Row] = {}
        self.checkpoints: dict[tuple[str, str], Row] = {}
        self.items: dict[tuple[str, str], Row] = {}
        self.ledgers: dict[str, Row] = {}
        self.undos: dict[str, Row] = {}
        self.warnings = 0
        self.advanced = False
        self.open = True

    @property
    def empty(self) -> bool:
        """Whether there is nothing to store."""
        return not (self.entries or self.steps or self.checkpoints or self.items or self.ledgers or self.undos)

    def added_to(self, report: Report) -> Report:
        """The same report with this batch after its own."""
        return msgspec.structs.replace(
            report,
            entries=[*report.entries, *self.entries],
            steps=list(({row["name"]: row for row in report.steps} | self.steps).values()),
            checkpoints=list(
                ({(row["kind"], row["name"]): row for row in report.checkpoints} | self.checkpoints).values()
            ),
            items=list(({(row["ledger"], row["key"]): row for row in report.items} | self.items).values()),
            ledgers=list(({row["ledger"]: row for row in report.ledgers} | self.ledgers).values()),
            undos=list(({row.get("key", row.get("position")): row for row in report.undos} | self.undos).values()),
            warnings=report.warnings + self.warnings,
            advanced=report.advanced or self.advanced,
        )
