"""Addresses of places: how a server is trusted and how one logs in."""

from __future__ import annotations

from pathlib import Path

import asyncssh
import paramiko
import pytest

from examples.site_mover.connect import place
from examples.site_mover.errors import PlaceLost
from tests.site_mover.sftp_server import PASSWORD, Running


def test_a_key_and_known_hosts_open_a_place(sftp: Running) -> None:
    """With its key accepted and its host known, a place opens and shows no more than where it is."""
    found = place(sftp.address("/"))
    assert found.url == f"sftp://ann@127.0.0.1:{sftp.port}/"
    found.close()


def test_a_fingerprint_can_stand_for_known_hosts(sftp: Running, monkeypatch: pytest.MonkeyPatch) -> None:
    """A pinned host_key is enough, plus signs and all, with the password taken from the environment."""
    monkeypatch.setenv("SITE_PW", PASSWORD)
    found = place(sftp.address("/", host_key=sftp.fingerprint(), password_env="SITE_PW"))
    assert found.list("") == []
    found.close()


def test_a_password_can_be_handed_in(sftp: Running) -> None:
    """A password that is passed beside the address logs in, and is in no text of the place."""
    found = place(sftp.address("/", host_key=sftp.fingerprint()), password=PASSWORD)
    assert PASSWORD not in f"{found.url} {vars(found)}"
    found.close()


def test_an_unknown_host_is_refused(sftp: Running, tmp_path: Path) -> None:
    """A host that known_hosts does not have is refused, and the error tells its fingerprint."""
    (tmp_path / "nobody").write_text("")
    with pytest.raises(paramiko.SSHException, match="SHA256:"):
        place(sftp.address("/", known_hosts=str(tmp_path / "nobody")), password=PASSWORD)


def test_another_host_key_is_refused(sftp: Running) -> None:
    """A host that shows another key than the pinned one is refused."""
    other = asyncssh.generate_private_key("ssh-ed25519").get_fingerprint()
    with pytest.raises(paramiko.SSHException, match="host key"):
        place(sftp.address("/", host_key=other), password=PASSWORD)


def test_a_changed_host_key_is_refused(sftp: Running) -> None:
    """A host that is known by another key is refused."""
    known = sftp.keys / "known_hosts"
    other = asyncssh.generate_private_key("ssh-ed25519").export_public_key().decode()
    known.write_text(f"[127.0.0.1]:{sftp.port} {other}")
    with pytest.raises(paramiko.BadHostKeyException):
        place(sftp.address("/"))


def test_a_wrong_password_is_refused(sftp: Running) -> None:
    """A refused login is an error of its own, not a lost connection that is tried again."""
    with pytest.raises(paramiko.AuthenticationException):
        place(sftp.address("/", host_key=sftp.fingerprint()), password="wrong")


@pytest.mark.parametrize(
    ("address", "reason"),
    [
        ("sftp://ann:canary@host/", "must not hold a password"),
        ("sftp://ann@host/", "cannot be checked"),
        ("sftp://ann@host/?known_hosts=x&canary=1", "no option 'canary'"),
        ("ftp://ann@host/", "neither"),
    ],
)
def test_an_address_that_cannot_be_used_says_why(address: str, reason: str) -> None:
    """A bad address raises ValueError before anything is connected, and a password in it is not repeated."""
    with pytest.raises(ValueError, match=reason) as refused:
        place(address)
    assert "ann:canary" not in str(refused.value)


def test_a_missing_variable_is_named(sftp: Running) -> None:
    """password_env of a variable that is not set raises ValueError naming it."""
    with pytest.raises(ValueError, match="NO_SUCH_VARIABLE"):
        place(sftp.address("/", host_key=sftp.fingerprint(), password_env="NO_SUCH_VARIABLE"))


def test_a_server_that_is_not_there_is_a_lost_place(sftp: Running) -> None:
    """A refused connection is PlaceLost, which is worth another try."""
    address = sftp.address("/").replace(f":{sftp.port}/", ":1/")
    with pytest.raises(PlaceLost, match="no connection"):
        place(address)


def test_a_cut_connection_is_a_lost_place_until_it_is_opened_again(sftp: Running) -> None:
    """After the server has dropped the connection every call raises PlaceLost; reconnect brings it back."""
    found = place(sftp.address("/"))
    sftp.cut()
    sftp.until_cut()
    with pytest.raises(PlaceLost):
        found.list("")
    found.reconnect()
    assert found.list("") == []
    found.close()
