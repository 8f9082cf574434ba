"""One job in one line: what a narrow terminal does without."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from headway.cli.liveline import line, summary
from headway.cli.text import cut, one_line, width
from headway.model.eta import Eta
from headway.model.job import Error, Job
from headway.model.phase import PhaseView
from headway.model.progress import Progress

NOW = 1_767_225_600.0
START = datetime.fromtimestamp(NOW - 60, UTC)
PHASES = tuple(PhaseView(name, planned=True) for name in ("scan", "fetch", "load"))
IMPORT = Job(
    id="i", number=17, root_id="i", type="import", name="import", state="running", created_at=START, state_since=START,
    progress=Progress(
        done=5_500, total=10_000, unit="rows", percent=55, rate=92.0, eta=Eta(48.0, 50.0, NOW + 49), phase="load",
        last_progress_at=NOW - 1, phases=PHASES, message="users.csv",
    ),
)  # fmt: skip
LEFT = "~49 s left"


def drawn(columns: int, job: Job = IMPORT) -> str:
    return "  ".join(part for part in line(job, NOW, columns, 0, LEFT) if part)


def test_the_whole_line() -> None:
    """With room for all: spinner, name, bar, counts, rate, time left, step, age, message."""
    assert drawn(200) == (
        "⠋ import  [█████▌    ]  55%  5.5k/10k rows  92/s  ~49 s left  step 3/3 load  last 1 s ago  users.csv"
    )


def test_what_goes_first() -> None:
    """A narrow terminal drops the rate, then the time left, then the bar; the status never."""
    widths = range(120, 10, -1)
    gone = {what: next(n for n in widths if what not in drawn(n)) for what in ("92/s", "left", "[")}
    assert gone["92/s"] > gone["left"] > gone["["]
    assert all("⠋" in drawn(n) and "55%" in drawn(n) for n in widths)


@pytest.mark.parametrize("columns", range(1, 130))
def test_a_line_is_never_wider_than_the_terminal(columns: int) -> None:
    """Whatever the name holds, also characters that take two columns."""
    wide = Job(**{**{name: getattr(IMPORT, name) for name in IMPORT.__struct_fields__}, "name": "日本語" * 20})
    assert width(drawn(columns, wide)) <= columns


def test_the_summary_tells_the_outcome() -> None:
    """The last line of a failed job: how far it came, and the first line of its error."""
    failed = Job(
        id="i", number=1, root_id="i", type="t", name="import", state="failed", created_at=START, state_since=START,
        error=Error(code="error", message="ValueError: no\x1b such table"), progress=Progress(percent=40), active_s=5.0,
    )  # fmt: skip
    assert summary(failed, NOW) == "✘ import  failed  at 40%  in 5 s  ValueError: no  such table"


@pytest.mark.parametrize("text", ["a\x1b[31mb", "a\x9bb", "a\u202eb", "a\u2028b", "a\rb", "a\x07b"])
def test_sec7_one_line_has_no_controls(text: str) -> None:
    """Control characters and marks that turn text around become blanks (SEC7)."""
    assert one_line(text).isprintable()


def test_a_cut_shows_where() -> None:
    """What is too long ends in an ellipsis, within its columns."""
    assert (cut("abcdef", 4), cut("abc", 4), cut("日本語", 4), cut("abc", 0)) == ("abc…", "abc", "日…", "")
