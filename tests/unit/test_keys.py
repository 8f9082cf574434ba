"""Keys and envelopes: where keys are found, how they are changed, and what an envelope is bound to (G20)."""

from __future__ import annotations

import base64
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from headway.errors import InvalidInput, SecretUnavailable
from headway.secret import Secret
from headway.store import keys, sealing
from headway.store.sealing import Owner

HERE = Owner("job", "1")


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home without keys."""
    for name in (keys.VARIABLE, keys.FILE_VARIABLE):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    return tmp_path


def key(n: int) -> str:
    """A key as it is written."""
    return base64.b64encode(bytes([n]) * 32).decode()


def stored() -> str:
    """A value with one secret, as it is stored."""
    return sealing.stored({"a": [Secret("canary")]}, HERE, "the input")


def test_sealed_and_opened() -> None:
    """What was sealed opens where it was sealed for."""
    assert sealing.opened(stored(), HERE)["a"][0].reveal() == "canary"


def test_each_sealing_is_another_text() -> None:
    """The same secret twice does not show that it is the same."""
    assert stored() != stored()


@pytest.mark.parametrize("owner", [Owner("job", "2"), Owner("session", "1")])
def test_an_envelope_opens_for_its_owner_alone(owner: Owner) -> None:
    """An envelope that was copied to another job or session does not open there."""
    with pytest.raises(SecretUnavailable, match="copied from elsewhere"):
        sealing.opened(stored(), owner)


def test_an_envelope_opens_in_its_place_alone() -> None:
    """Nor does it in another field of the same job."""
    with pytest.raises(SecretUnavailable):
        sealing.opened(stored().replace('"a":', '"b":'), HERE)


def test_a_changed_envelope_does_not_open() -> None:
    """A flipped letter is found, and the error does not repeat what was there."""
    text = stored()
    place = text.index('"sealed":"') + 20
    changed = text[:place] + ("A" if text[place] != "A" else "B") + text[place + 1 :]
    with pytest.raises(SecretUnavailable, match=r"a\[0\]"):
        sealing.opened(changed, HERE)


def test_a_new_key_seals_and_the_old_ones_open(monkeypatch: pytest.MonkeyPatch) -> None:
    """Keys are changed by adding one; a text tells by which it was sealed."""
    monkeypatch.setenv(keys.VARIABLE, key(1))
    old = stored()
    monkeypatch.setenv(keys.VARIABLE, f"{key(1)} {key(2)}")
    new = stored()
    assert [sealing.opened(text, HERE)["a"][0].reveal() for text in (old, new)] == ["canary", "canary"]
    monkeypatch.setenv(keys.VARIABLE, key(2))
    assert sealing.opened(new, HERE)["a"][0].reveal() == "canary"
    with pytest.raises(SecretUnavailable, match=keys.key_id(bytes([1]) * 32)):
        sealing.opened(old, HERE)


def test_a_fingerprint_stays_while_keys_are_added(monkeypatch: pytest.MonkeyPatch) -> None:
    """The same request is known as the same after the key was changed; it does not show the secret."""
    monkeypatch.setenv(keys.VARIABLE, key(1))
    before = sealing.fingerprint({"a": Secret("canary")}, "it")
    monkeypatch.setenv(keys.VARIABLE, f"{key(1)}\n{key(2)}")
    assert sealing.fingerprint({"a": {"$secret": "canary"}}, "it") == before
    assert sealing.fingerprint({"a": {"$secret": "other"}}, "it") != before
    assert "canary" not in before


def test_a_key_file_is_read_again_when_it_changes(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A worker that runs for weeks takes a new key without a restart."""
    file = home / "keys.txt"
    file.write_text(f"{key(1)}  # the first\n")
    monkeypatch.setenv(keys.FILE_VARIABLE, str(file))
    assert len(keys.keyring().keys) == 1
    file.write_text(f"{key(1)}\n\n{key(2)}\n")
    assert keys.keyring().newest[1] == bytes([2]) * 32


@pytest.mark.parametrize("text", ["", "# nothing", "short", key(1)[:-6], "password123"])
def test_what_is_no_key_is_refused(text: str, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The error says what a key is and how to make one, and does not repeat what was found."""
    file = home / "keys.txt"
    file.write_text(text)
    monkeypatch.setenv(keys.FILE_VARIABLE, str(file))
    with pytest.raises(SecretUnavailable, match="base64") as refused:
        keys.keyring()
    assert not text or text not in str(refused.value)


def test_a_named_file_that_is_missing_is_not_made(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A key in another place than was meant would be lost with it."""
    monkeypatch.setenv(keys.FILE_VARIABLE, str(home / "missing"))
    with pytest.raises(SecretUnavailable, match="can not be read"):
        stored()
    assert not (home / "missing").exists()


def test_opening_makes_no_key(home: Path) -> None:
    """Only who seals needs a key of his own: reading with a wrong home must not leave one there."""
    text = stored()
    (home / "headway" / "keys").unlink()
    with pytest.raises(SecretUnavailable):
        sealing.opened(text, HERE)
    assert not (home / "headway" / "keys").exists()


def test_the_first_key_is_made_once(home: Path) -> None:
    """Processes that begin at the same moment use one key, and nothing is left beside it."""
    with ThreadPoolExecutor(8) as pool:
        rings = list(pool.map(lambda _: keys.keyring(create=True).newest, range(32)))
    assert len(set(rings)) == 1
    assert [path.name for path in (home / "headway").iterdir()] == ["keys"]


@pytest.mark.parametrize("form", [5, None, [], {"sealed": "x", "key": "y"}, {"env": "A", "more": 1}, {"env": 5}])
def test_other_forms_are_refused(form: object) -> None:
    """What is neither text nor a reference is no secret; nobody hands in an envelope."""
    with pytest.raises(InvalidInput):
        sealing.stored({"a": {"$secret": form}}, HERE, "the input")


def test_without_its_package_references_still_work() -> None:
    """`import headway` does not need cryptography; Secret.env does not either; else the error says what to install."""
    code = """
import sys
sys.modules["cryptography"] = None
import headway
hw = headway.Headway(":memory:")
hw.submit("x", {"a": headway.Secret.env("PATH")})
try:
    hw.submit("x", {"a": headway.Secret("canary")})
except headway.NotSupported as refused:
    print(refused)
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert "pip install 'headway[secrets]'" in done.stdout


def test_the_package_is_loaded_when_it_is_needed() -> None:
    """Who has no secrets does not pay for them at the start."""
    code = "import headway, sys; print('cryptography' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "False\n"
