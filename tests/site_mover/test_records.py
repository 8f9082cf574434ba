"""Paths as keys of items."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from examples.site_mover.places import name_text
from examples.site_mover.records import member_of, path_of
from headway.model.value import clean_key

PATHS = st.binary(min_size=1, max_size=40).map(name_text) | st.text("a%/\\é☃\n\udcff", min_size=1, max_size=5000)


@given(PATHS)
def test_a_key_gives_its_path_back(path: str) -> None:
    """Whatever bytes a path has and however long it is, its item gives it back, and its key is stored as it is."""
    key, value = member_of(path)
    assert path_of(key, value) == path
    assert clean_key(key) == key
    assert len(key.encode()) <= 2000


def test_keys_are_readable() -> None:
    """People read keys: usual names stand as they are, beside what has to be escaped."""
    assert member_of("grün/ümläut ☃.txt") == ("grün/ümläut ☃.txt", {})
    assert member_of("100%\n\udcff") == ("100%25%0A%FF", {})
