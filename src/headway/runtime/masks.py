"""The second net for secrets: what an attempt was given is replaced by *** in what it reports, however it is coded.

The first net is that a Secret shows itself as ***. This one is for work that revealed it and then told it, as a
library does in the text of an exception.
"""

from __future__ import annotations

import base64
import html
import json
import re
import shlex
from collections.abc import Iterable, Iterator
from typing import Any
from urllib.parse import quote, quote_plus

import msgspec

from headway.model.job import Error
from headway.model.moves import STATES
from headway.model.phase import PhaseView
from headway.model.progress import Progress
from headway.secret import HIDDEN
from headway.store import sealing
from headway.store.reporting import Entry, Report

SHORTEST = 4
"""Characters of a secret that is looked for: shorter ones are in every text."""

MARK_LENGTH = 16
"""Characters that tell apart what is the same without its secrets."""
MOST_MARKS = 20
LONGEST_MASKED = 1900
"""Bytes of a masked key that stand before its mark: together they have to fit where keys are kept."""

_CUT = " [cut: "
_OWN_NAMES = frozenset("text level step state stream logger asked reason why who from to by done within".split())
_OWN_NAMES |= {*Progress.__struct_fields__, *PhaseView.__struct_fields__, *Error.__struct_fields__}
_OWN_WORDS = frozenset([*STATES, "planned", "running", "completed", "failed", "skipped", "pause", "cancel"])


class Masks:
    """The secrets of one attempt. Thread-safe: what it looks for is replaced as a whole."""

    def __init__(self) -> None:
        self._values: frozenset[str] = frozenset()
        self._forms: tuple[str, ...] = ()
        self._pattern: re.Pattern[str] | None = None
        self._encoded: re.Pattern[str] | None = None

    def __bool__(self) -> bool:
        return self._pattern is not None

    def add(self, texts: Iterable[str]) -> None:
        """Looks for these too, from now on."""
        values = self._values | {text for text in texts if len(text) >= SHORTEST}
        if values == self._values:
            return
        forms = {form for value in values for form in _forms(value) if len(form) >= SHORTEST}
        self._values, self._forms = values, tuple(sorted(forms, key=len, reverse=True))
        self._pattern = _any_of(self._forms)
        self._encoded = _any_of([_escaped(form) for form in self._forms])

    def text(self, text: str) -> str:
        """A text without the secrets."""
        if self._pattern is None:
            return text
        text = self._pattern.sub(HIDDEN, text)
        return self._without_torn(text) if _CUT in text else text

    def key(self, text: str) -> str:
        """A key or a name without the secrets. Two that differ in nothing else stay two, and each is found again.

        Raises SecretUnavailable where one holds a secret, and there is no key of this user's to tell them apart by.
        """
        masked = self.text(text)
        if masked == text:
            return text
        marks = (sealing.digest(f"{n} {text}")[:MARK_LENGTH] for n in range(MOST_MARKS))
        told = [f"{_shortened(masked)}~{mark}" for mark in marks]
        # By chance a mark may hold what is looked for, such as four digits: the name would change once more.
        return next((one for one in told if self.text(one) == one), told[0])

    def json(self, text: str, numbers: bool = True) -> str:
        """JSON text without the secrets. numbers: also those that are a secret, digit by digit."""
        if self._encoded is None or not (self._encoded.search(text) or _CUT in text):
            return text
        return msgspec.json.encode(self._value(msgspec.json.decode(text), numbers)).decode()

    def report(self, said: Report) -> Report:
        """A report without the secrets. Ledgers and keys have lost theirs when they were first spoken of: their names
        are what their rows are found by.
        """
        if self._pattern is None:
            return said
        end = said.end
        return msgspec.structs.replace(
            said,
            progress=self._json(said.progress, numbers=False),
            entries=[Entry(one.kind, self.text(one.name), one.at, self.json(one.data)) for one in said.entries],
            steps=[self._row(row, "name", "result", "error") for row in said.steps],
            checkpoints=[self._checkpoint(row) for row in said.checkpoints],
            items=[self._row(row, "hash", "value", "data", "error") for row in said.items],
            undos=[self._row(row, "step", "error") for row in said.undos],
            end=end
            and msgspec.structs.replace(
                end,
                result=self._json(end.result),
                error=self._json(end.error),
                progress=self._json(end.progress, numbers=False),
            ),
        )

    def _json(self, text: str | None, numbers: bool = True) -> str | None:
        return None if text is None else self.json(text, numbers)

    def _row(self, row: dict[str, Any], texts: str, *encoded: str) -> dict[str, Any]:
        """A row with these columns cleaned: plain texts, and JSON texts."""
        cleaned = {name: self.text(row[name]) for name in texts.split() if row.get(name) is not None}
        return {**row, **cleaned, **{name: self.json(row[name]) for name in encoded if row.get(name) is not None}}

    def _checkpoint(self, row: dict[str, Any]) -> dict[str, Any]:
        """The numbers of a cursor are Headway's own."""
        value = self.json(row["value"], numbers=row["kind"] != "cursor")
        return {**row, "name": self.text(row["name"]), "value": value}

    def _value(self, value: Any, numbers: bool) -> Any:
        if isinstance(value, str):
            return value if value in _OWN_WORDS else self.text(value)
        if isinstance(value, dict):
            return {
                name if name in _OWN_NAMES else self.text(name): self._value(member, numbers)
                for name, member in value.items()
            }
        if isinstance(value, list):
            return [self._value(member, numbers) for member in value]
        return HIDDEN if numbers and str(value) in self._values else value

    def _without_torn(self, text: str) -> str:
        """The beginning of a secret in front of a cut, where the rest of it was cut off."""
        kept, mark, rest = text.rpartition(_CUT)
        longest = max((_overlap(kept, form) for form in self._forms), default=0)
        return f"{kept[: len(kept) - longest]}{HIDDEN}{mark}{rest}" if longest >= SHORTEST else text


def _forms(value: str) -> Iterator[str]:
    """A secret as it may be met in texts; of several lines also each of them."""
    for part in {value, value.strip(), *_lines(value)}:
        coded = {part, quote(part), quote(part, safe=""), quote_plus(part), html.escape(part), shlex.quote(part)}
        coded |= {repr(part)[1:-1], *(_escaped(one) for one in [part, _escaped(part)])}
        coded |= {repr(part.encode())[2:-1], ascii(part)[1:-1], part.encode().hex(), part.encode().hex().upper()}
        coded |= {json.dumps(part)[1:-1], json.dumps(json.dumps(part)[1:-1])[1:-1]}
        yield from coded
        yield from (re.sub("%[0-9A-F]{2}", lambda found: found[0].lower(), one) for one in coded if "%" in one)
        yield from _base64(part.encode())


def _shortened(masked: str) -> str:
    if len(masked) * 4 <= LONGEST_MASKED:
        return masked
    return masked.encode()[:LONGEST_MASKED].decode(errors="ignore")


def _lines(value: str) -> list[str]:
    """The lines of a secret that has several, without those that every key file has."""
    lines = [line.strip() for line in value.strip().splitlines()]
    return [line for line in lines if len(line) >= 2 * SHORTEST and not line.startswith("-----")] if lines[1:] else []


def _base64(content: bytes) -> Iterator[str]:
    """Base64 of a secret, alone and in the middle of something else, as behind the user's name in a header."""
    yield base64.b64encode(content).decode()
    yield base64.urlsafe_b64encode(content).decode()
    for before in range(3):
        whole = base64.b64encode(bytes(before) + content).decode().rstrip("=")
        torn = (before + len(content)) % 3 != 0  # the last character depends on what follows
        inside = whole[(0, 2, 3)[before] : len(whole) - torn]
        yield inside
        yield inside.replace("+", "-").replace("/", "_")


def _overlap(text: str, form: str) -> int:
    """How many characters at the end of a text are the beginning of a form."""
    return next((n for n in range(min(len(form) - 1, len(text)), SHORTEST - 1, -1) if text.endswith(form[:n])), 0)


def _escaped(text: str) -> str:
    """A text as it stands inside JSON text."""
    return msgspec.json.encode(text).decode()[1:-1]


def _any_of(forms: Iterable[str]) -> re.Pattern[str]:
    return re.compile("|".join(re.escape(form) for form in sorted(set(forms), key=len, reverse=True)))
