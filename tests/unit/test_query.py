"""The query language of lists: what each form means, and what a wrong word is answered."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from headway.model.query import Query, WrongQuery, parsed, quoted

MEANT = {
    "": Query(),
    "state:failed,paused": Query(values={"state": ["failed", "paused"]}),
    "status:failed state:paused": Query(values={"state": ["failed", "paused"]}),
    'name:"a, b",c': Query(values={"name": ["a, b", "c"]}),
    "-state:completed -type:a,b": Query(without={"state": ["completed"], "type": ["a", "b"]}),
    "label.site:a label:site=b label:env:prod": Query(labels={"site": ["a", "b"], "env": ["prod"]}),
    "-label.site:a": Query(without={"label": ["site=a"]}),
    'nightly "two words"': Query(texts=["nightly", "two words"]),
    "text:a:b": Query(texts=["a:b"]),
    '"state:failed"': Query(texts=["state:failed"]),
    r'name:"say \"yes\" \\o/"': Query(values={"name": ['say "yes" \\o/']}),
    "is:active": Query(values={"is": ["active"]}),
}


@pytest.mark.parametrize("text", MEANT, ids=lambda text: text or "nothing")
def test_each_form_has_its_meaning(text: str) -> None:
    """Fields, several values, minus, labels, quotes and plain words mean what the guide says."""
    assert parsed(text) == MEANT[text]


@pytest.mark.parametrize(
    ("text", "at", "expected"),
    [
        ("type:a stat:failed", (7, 18), "state"), ("state:faild", (0, 11), "failed"), ("state:", (0, 6), "state:"),
        ('a "b c', (2, 6), '"'), ("x -id:4", (2, 7), "minus"), ("label:x", (0, 7), "label.NAME:VALUE"),
        ("is:open", (0, 7), "active"), ('x ""', (2, 4), "word"), ("a b c d e", (8, 9), "4 words"),
        ("state.x:failed", (0, 14), "fields"),
    ],
)  # fmt: skip
def test_a_wrong_word_is_told_with_its_place(text: str, at: tuple[int, int], expected: str) -> None:
    """What can not be read names the characters that are wrong, and what should stand there."""
    with pytest.raises(WrongQuery) as refused:
        parsed(text)
    assert refused.value.at == at
    assert expected in refused.value.expected


def told(text: str) -> tuple[int, ...]:
    """Where a refusal points."""
    try:
        parsed(text)
    except WrongQuery as refused:
        return refused.at
    return ()


@given(st.text(max_size=60))
def test_any_text_is_read_or_refused_within_its_bounds(text: str) -> None:
    """Whatever is typed is a query, or a refusal that points into it."""
    assert all(0 <= place <= len(text) for place in told(text))


def test_words_of_a_command_line_stay_together() -> None:
    """What the shell has kept together is one word of the query."""
    assert parsed(quoted(["two words", "name:x y", "state:failed"])) == Query(
        values={"name": ["x y"], "state": ["failed"]}, texts=["two words"]
    )
