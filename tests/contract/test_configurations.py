"""Configurations compared: what two saves, or two jobs, have otherwise; a secret is told of and never shown."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from headway import Headway, NotFound

HIDDEN = "tr0ub4dor"


@pytest.fixture
def acme(hw: Headway) -> Headway:
    """A session with two saves."""
    hw.create_session("acme", {"url": "a", "password": HIDDEN, "depth": 2, "hosts": [{"name": "x"}], "old": 1})
    hw.save_session("acme", {"url": "b", "password": f"{HIDDEN}2", "depth": 2, "hosts": [{"name": "y"}], "new": {}})
    return hw


def told(hw: Headway, *versions: int) -> dict[str, tuple[str, Any, Any]]:
    """What is another one, by path."""
    found = hw.session_diff("acme", *versions).changes
    return {change.path: (change.change, change.before, change.after) for change in found}


def test_only_what_changed_is_told(acme: Headway) -> None:
    """UX28: changed keys only, by path, with both sides; a secret only as changed."""
    assert told(acme) == {
        "hosts[0].name": ("changed", "x", "y"), "new": ("added", None, {}), "old": ("removed", 1, None),
        "password": ("changed", None, None), "url": ("changed", "a", "b"),
    }  # fmt: skip


def test_no_secret_is_shown(acme: Headway) -> None:
    """UX28: its value is nowhere in what is answered, also where a whole branch is new."""
    acme.save_session("acme", {"servers": {"one": {"password": HIDDEN}}, "to": f"sftp://ada:{HIDDEN}@host/"})
    for diff in (acme.session_diff("acme", 1, 2), acme.session_diff("acme", 1, 3), acme.session_diff("acme", 3, 1)):
        assert HIDDEN not in msgspec.json.encode(diff.to_dict()).decode()
    assert [change.secret for change in acme.session_diff("acme", 1, 2).changes if change.path == "password"] == [True]


def test_a_secret_that_was_kept_has_not_changed(acme: Headway) -> None:
    """A blank secret keeps the stored one, which is then the same."""
    acme.save_session("acme", {"password": "", "url": "c"})
    assert "password" not in told(acme, 2, 3)


def test_any_two_saves_are_compared(acme: Headway) -> None:
    """Both ways round, and a version with itself."""
    assert told(acme, 2, 1)["url"] == ("changed", "b", "a")
    assert told(acme, 2, 2) == {}
    diff = acme.session_diff("acme")
    assert (diff.before, diff.after) == (1, 2)


@pytest.mark.parametrize("versions", [(1, 3), (0, 1), (7, 2)])
def test_an_unknown_version_is_an_error(acme: Headway, versions: tuple[int, int]) -> None:
    """Rule 10: nothing stands for what is not there; what lists the saves is named."""
    with pytest.raises(NotFound, match=r"no version \d\. headway session config acme --versions"):
        acme.session_diff("acme", *versions)


def test_a_job_tells_its_configuration(acme: Headway) -> None:
    """The version that it was submitted with, masked, and what the job of its type before it had otherwise."""
    first = acme.submit("crawl", session="acme")
    acme.cancel(acme.submit("other", session="acme"))
    acme.cancel(first)
    acme.save_session("acme", {"url": "c", "password": ""})
    second = acme.submit("crawl", session="acme")
    found = acme.job_configuration(second)
    assert (found.version, found.current, found.previous, found.previous_version) == (3, 3, first.id, 2)
    assert found.config == {"url": "c", "password": {"$secret": "***"}}
    assert [change.path for change in found.changes] == ["depth", "hosts", "new", "url"]


def test_the_first_job_of_a_type_has_none_before_it(hw: Headway) -> None:
    """Nothing to compare with: no changes."""
    found = hw.job_configuration(hw.submit("a"))
    assert (found.previous, found.changes, found.session) == (None, [], "default.yaml")
