"""The second net for secrets: found in whatever form, and nothing else is changed (SEC21)."""

from __future__ import annotations

import base64
import html
import json
import shlex
from urllib.parse import quote, quote_plus

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from headway.runtime.masks import Masks

TEXT = st.text(st.characters(exclude_characters="*", exclude_categories=["Cs"]), max_size=20)
SECRET = "p\"a\\s%s & /wo+rd<é>'"


def masks(*values: str) -> Masks:
    """A net for these."""
    made = Masks()
    made.add(values)
    return made


@pytest.mark.parametrize(
    "coded",
    [
        SECRET, quote(SECRET), quote(SECRET, safe=""), quote_plus(SECRET), quote(SECRET, safe="").lower(),
        json.dumps(SECRET), json.dumps(json.dumps(SECRET)), json.dumps(SECRET, ensure_ascii=False), repr(SECRET),
        html.escape(SECRET), shlex.quote(SECRET), base64.b64encode(SECRET.encode()).decode(),
        base64.urlsafe_b64encode(SECRET.encode()).decode(),
    ],
)  # fmt: skip
def test_each_form_is_found(coded: str) -> None:
    """Raw, JSON-, URL-, base64-coded and as other tools write a text."""
    said = masks(SECRET).text(f"before {coded} after")
    assert "***" in said
    assert not any(part in said for part in ("wo+rd", "wo%2", "rd<", "rd&lt;", coded[8:20]))


@pytest.mark.parametrize(
    "coded", [repr(SECRET.encode()), ascii(SECRET), SECRET.encode().hex(), SECRET.encode().hex().upper()]
)
def test_each_form_of_its_bytes_is_found(coded: str) -> None:
    """G20, SEC21: as Python shows bytes and a text in ASCII, and in hexadecimal digits."""
    said = masks(SECRET).text(f"before {coded} after")
    assert "***" in said
    assert not any(coded[n : n + 8] in said for n in range(2, len(coded) - 10))


@given(st.binary(max_size=5), st.binary(max_size=5))
def test_base64_in_the_middle_is_found(before: bytes, after: bytes) -> None:
    """As behind the name of a user in a header; but for the characters that it shares with its neighbours."""
    coded = base64.b64encode(before + SECRET.encode() + after).decode()
    assert "***" in masks(SECRET).text(coded)
    assert len(masks(SECRET).text(coded).replace("***", "")) <= 4 * (len(before + after) + 8) / 3


@given(TEXT.filter(lambda text: len(text) >= 4), TEXT, TEXT)
def test_json_stays_json(secret: str, before: str, after: str) -> None:
    """Whatever the secret is, what is stored can be read, and no text in it holds the secret."""
    net = masks(secret)
    told = net.json(msgspec.json.encode({"text": before + secret + after, "n": [1, secret]}).decode())
    assert secret not in msgspec.json.decode(told)["text"]


@given(
    st.recursive(
        st.none() | st.integers() | st.text(), lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner)
    )
)
def test_what_holds_no_secret_is_not_changed(value: object) -> None:
    """Byte for byte, so that nothing is found to be new where nothing is."""
    text = msgspec.json.encode(value).decode()
    assert masks("c4n4ry-of-a-test").json(text) == text


@pytest.mark.parametrize("cut", [4, 9, len("c4n4ry-of-a-test") - 1])
def test_a_torn_secret_is_found_before_its_cut(cut: int) -> None:
    """Lines are cut where they are read, before anybody knows of secrets: the beginning of one goes too."""
    said = masks("c4n4ry-of-a-test").text("x" * 20 + "c4n4ry-of-a-test"[:cut] + " [cut: 99 more bytes]")
    assert said == "x" * 20 + "*** [cut: 99 more bytes]"


def test_each_line_of_a_key_is_found() -> None:
    """A private key is logged line by line; its first and last line are in every key file."""
    key = "-----BEGIN PRIVATE KEY-----\nMIIEvQIBADANBgkq\nhkiG9w0BAQEFAASC\n-----END PRIVATE KEY-----\n"
    assert masks(key).text("hkiG9w0BAQEFAASC") == "***"
    assert masks(key).text("-----BEGIN PRIVATE KEY-----") == "-----BEGIN PRIVATE KEY-----"


def test_short_ones_are_not_looked_for() -> None:
    """Three characters are in every text."""
    assert not masks("abc")
    assert masks("abc", "abcd").text("abc abcd") == "abc ***"


def test_the_longest_goes_first() -> None:
    """A secret that begins like another one does not leave its end behind."""
    assert masks("canary", "canary-and-more").text("canary-and-more canary") == "*** ***"


def test_numbers_that_are_a_secret_go() -> None:
    """A secret of digits is also found as a number, but not inside one."""
    assert masks("48151623").json('{"a":48151623,"b":481516234}') == '{"a":"***","b":481516234}'
    assert masks("48151623").json('{"done":48151623}', numbers=False) == '{"done":48151623}'
