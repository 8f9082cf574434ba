"""Text for terminals: nothing from a job's data may steer the terminal, and what is too long is cut."""

from __future__ import annotations

import re

# C0 and C1 controls, DEL, and the marks that turn the direction of text around.
_CONTROLS = re.compile("[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\u2028\u2029]")
_EXCEPT_LAYOUT = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\u2028\u2029]")


def one_line(value: object) -> str:
    """A value as one line without control characters."""
    return _CONTROLS.sub(" ", str(value)).strip()


def lines(value: object) -> list[str]:
    """A text as lines without control characters; tabs stay."""
    return _EXCEPT_LAYOUT.sub("", str(value).replace("\r\n", "\n")).split("\n")


def width(text: str) -> int:
    """Columns that a text takes on a terminal."""
    if text.isascii():
        return len(text)
    from rich.cells import cell_len

    return cell_len(text)


def cut(text: str, columns: int) -> str:
    """The text in at most so many columns; an ellipsis shows where it was cut."""
    if width(text) <= columns:
        return text
    if columns < 1:
        return ""
    from rich.cells import set_cell_size

    return set_cell_size(text, columns - 1).rstrip() + "…"


def pad(text: str, columns: int) -> str:
    """The text filled up with blanks to so many columns."""
    return text + " " * max(0, columns - width(text))
