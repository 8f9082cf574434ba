"""Search in a job's log: on the server, over all of it."""

from __future__ import annotations

from typing import Any

import pytest

import headway
from headway import Context, Headway, InvalidInput, Job, NotFound

LINES = ["Begin", "100 % of a_b", 'say "hi"', "tab\there", "ünïcode", "BEGIN again", "a*b", "back\\slash"]


@headway.job("search.talk")
def talk(ctx: Context) -> None:
    """A job that says much."""
    for place, text in enumerate(LINES):
        ctx.log(text, level="error" if place % 2 else "info", begin="not here")


@headway.job("search.warn")
def warn(ctx: Context) -> None:
    """A job that warns."""
    ctx.warn("half of it")


@pytest.fixture
def told(hw: Headway) -> Job:
    """A job with a log."""
    job = hw.submit(talk)
    hw.work_until_idle()
    return hw.get(job)


def found(hw: Headway, job: Job, text: str | None, **asked: Any) -> list[str]:
    """What the lines say that a search finds."""
    lines = {event.seq: event.data["text"] for event in hw.logs(job, 1000)}
    return [lines[seq] for seq in hw.log_matches(job, text, **asked).matches]


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("begin", ["Begin", "BEGIN again"]), ("100 %", ["100 % of a_b"]), ("a_b", ["100 % of a_b"]), ("a*b", ["a*b"]),
        ('"hi"', ['say "hi"']), ("tab\t", ["tab\there"]), ("nïc", ["ünïcode"]), ("\\", ["back\\slash"]),
        ("not here", []), ("text", []),
    ],
)  # fmt: skip
def test_a_text_is_found_as_it_is(hw: Headway, told: Job, text: str, lines: list[str]) -> None:
    """UX21: whatever the case of its letters, without signs of its own, and only in what the lines say."""
    assert found(hw, told, text) == lines


def test_warnings_are_lines_too(hw: Headway) -> None:
    """What a job warns of is in its history, and found in its log."""
    job = hw.submit(warn)
    hw.work_until_idle()
    for text, levels, total in (("half", ["warning"], 1), ("half", ["error"], 0), ("whole", ["warning"], 0)):
        matches = hw.log_matches(job, text, levels=levels)
        assert (len(matches.matches), matches.total) == (total, total)


@headway.job("search.both")
def both(ctx: Context) -> None:
    """A job with errors, and warnings of the same text."""
    for _ in range(2):
        ctx.log("refused", level="error")
        ctx.warn("refused")


@pytest.mark.parametrize(("levels", "total"), [(["error"], 2), (["warning"], 2), (None, 4)])
@pytest.mark.parametrize("text", ["refused", None])
def test_a_part_is_counted_by_level(hw: Headway, text: str | None, levels: list[str] | None, total: int) -> None:
    """n of N: also where not all are asked for, the total is of the levels that are wanted, warnings among them."""
    job = hw.submit(both)
    hw.work_until_idle()
    part = hw.log_matches(job, text, levels=levels, limit=1)
    assert (len(part.matches), part.total) == (1, total)


def test_levels_narrow_it(hw: Headway, told: Job) -> None:
    """Next error: a search by level alone; both together."""
    assert found(hw, told, None, levels=["error"]) == LINES[1::2]
    assert found(hw, told, "begin", levels=["error"]) == ["BEGIN again"]
    assert found(hw, told, "begin", levels=[]) == []


def test_all_are_counted_however_few_are_asked_for(hw: Headway, told: Job) -> None:
    """n of N: the total is that of the whole log, on every page of it."""
    first = hw.log_matches(told, "e", limit=2)
    rest = hw.log_matches(told, "e", after=int(first.next or 0))
    assert first.total == rest.total == len(first.matches) + len(rest.matches)
    assert (len(first.matches), rest.next) == (2, None)


def test_a_log_without_the_text_has_none(hw: Headway, told: Job) -> None:
    """Nothing found is an answer; an unknown job is none."""
    assert hw.log_matches(told, "nowhere").total == 0
    with pytest.raises(NotFound):
        hw.log_matches("no such job", "a")


@pytest.mark.parametrize("asked", [{"text": "\x00"}, {"text": "a" * 1001}, {"limit": 10_001}], ids=str)
def test_what_can_not_be_looked_for_is_refused(hw: Headway, told: Job, asked: dict[str, Any]) -> None:
    """Bad input is refused, saying what was expected."""
    with pytest.raises(InvalidInput, match="expected"):
        hw.log_matches(told, **asked)
