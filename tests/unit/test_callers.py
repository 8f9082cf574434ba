"""Names and origins as people give them to a server."""

from __future__ import annotations

import pytest

from headway import InvalidInput
from headway.server.callers import host_of, origin_of


@pytest.mark.parametrize(
    ("given", "known"),
    [
        ("https://tools.example/", "https://tools.example"), ("HTTPS://Tools.Example:443", "https://tools.example"),
        ("http://localhost:9000", "http://localhost:9000"), ("http://[::1]:80/", "http://[::1]"),
        ("https://tools.example:80", "https://tools.example:80"), ("tauri://localhost", "tauri://localhost"),
    ],
)  # fmt: skip
def test_an_origin_is_kept_as_browsers_send_it(given: str, known: str) -> None:
    """A slash at the end, capitals and the usual port make no other origin."""
    assert origin_of(given) == known


@pytest.mark.parametrize(
    "given",
    ["", "foo", "*", "null", "https://", "https://*", "tools.example", "https://a/b", "https://a//", "https://a?b",
     "https://a:", "https://a:x", "https://ann@a", "https://a b", "http://[", "//a"],
)  # fmt: skip
def test_what_is_no_origin_is_refused(given: str) -> None:
    """No page comes from it, so that it would be allowed in vain."""
    with pytest.raises(InvalidInput, match="is no origin: expected scheme and host"):
        origin_of(given)


@pytest.mark.parametrize(
    ("given", "known"),
    [("Jobs.Example", "jobs.example"), ("192.0.2.7", "192.0.2.7"), ("::1", "[::1]"), ("[2001:DB8::7]", "[2001:db8::7]"),
     ("*", "*")],
)  # fmt: skip
def test_a_name_is_kept_as_the_host_header_has_it(given: str, known: str) -> None:
    """Lower case, an IPv6 address in brackets."""
    assert host_of(given) == known


@pytest.mark.parametrize("given", ["", "http://x/y", "jobs.example:8765", "a b", "*.example", "a/", "-x"])
def test_what_is_no_name_of_a_host_is_refused(given: str) -> None:
    """No request names it, so that it would be allowed in vain."""
    with pytest.raises(InvalidInput, match="is no name of a host"):
        host_of(given)
