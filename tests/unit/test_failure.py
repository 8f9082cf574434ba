"""Causes of failures, told from what errors say."""

from __future__ import annotations

import pytest

from headway.model.failure import cause_told, pattern_of


@pytest.mark.parametrize(
    ("message", "cause"),
    [
        ("PermissionError: [Errno 13] Permission denied: '/srv/a'", "permission"),
        ("OSError: [Errno 28] No space left on device", "out of space"),
        ("TimeoutError: the read operation timed out", "timeout"),
        ("gaierror: [Errno -2] Name or service not known", "network"),
        ("HTTPStatusError: status 503 for https://a.example/", "network"),
        ("FileNotFoundError: [Errno 2] No such file or directory: '/srv/a'", "bad input"),
        ("KeyError: 'row 401'", "bug in the job"),
        ("CommandFailed: rsync ended with exit code 23", "command"),
        ("Nonsense: it rained", "other"),
    ],
)
def test_messages_are_told_apart(message: str, cause: str) -> None:
    """A class of causes for each message, by the one table."""
    assert cause_told("error", message).name == cause


@pytest.mark.parametrize(
    ("message", "pattern"),
    [
        ("no row 17 of 4,711", "no row <n> of <n>"),
        ("https://a.example/x?y=1 is away", "<address> is away"),
        ("10.0.0.7:22 refused", "<address> refused"),
        ("can not read /srv/a/b.txt: gone", "can not read <path>: gone"),
        ("job 019c3c2e-8f00-7a3b-9c4d-5e6f708192a3 and 5e6f708192a3", "job <id> and <id>"),
        ("KeyError: 'ada'", "KeyError: <value>"),
        ("it's late and it's dark", "it's late and it's dark"),
    ],
)
def test_what_differs_is_left_out(message: str, pattern: str) -> None:
    """Addresses, paths, ids, numbers and quoted values stand for all their like; words stay."""
    assert pattern_of(message) == pattern
