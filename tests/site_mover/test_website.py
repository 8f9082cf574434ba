"""Moves as pages ask for them: connection configs, with a password that nobody sees."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from examples.site_mover import website
from examples.site_mover.website import address_of
from headway import Headway
from headway.compat.website import sealed
from tests.site_mover.sftp_server import PASSWORD, USER, Running
from tests.site_mover.trees import contents, many_files, write_tree


def _config(server: Running, root: str) -> dict[str, Any]:
    return {
        "protocol": "sftp", "host": "127.0.0.1", "port": server.port, "username": USER, "password": PASSWORD,
        "root_path": root, "known_hosts": str(server.keys / "known_hosts"),
    }  # fmt: skip


@pytest.mark.parametrize(
    ("config", "address"),
    [
        ({"protocol": "file", "root_path": "/srv/www"}, "/srv/www"),
        ({"host": "a.example", "root_path": "/w w", "host_key": "SHA256:x+y"}, "sftp://a.example/w%20w?host_key=SHA256:x+y"),
        ({"host": "a", "port": 2222, "username": "a@b", "password": "x"}, "sftp://a%40b@a:2222/?"),
    ],
)  # fmt: skip
def test_a_config_is_an_address_without_its_password(config: dict[str, Any], address: str) -> None:
    """S0.6: protocol, host, port, user and root are in the address; the password never is."""
    assert address_of(config) == address


@pytest.mark.parametrize("config", [{"protocol": "ftp", "host": "a"}, {"protocol": "sftp"}])
def test_a_config_that_leads_nowhere_is_refused(config: dict[str, Any]) -> None:
    """S0.6: what can not be connected to is said before anything is tried."""
    with pytest.raises(ValueError, match="expected sftp with a host, or file"):
        address_of(config)


def test_a_site_is_moved_with_a_password(tmp_path: Path, sftp: Running, monkeypatch: pytest.MonkeyPatch) -> None:
    """S0.6, S0.20: the worker logs in with it; neither the database nor a file of the job has it."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    write_tree(tmp_path / "served" / "from", many_files(5, 1))
    ends = {"source": sealed(_config(sftp, "/from")), "destination": sealed(_config(sftp, "/to"))}
    with Headway(str(tmp_path / "jobs.db")) as hw:
        job = hw.submit(website.transfer, ends)
        hw.work_until_idle()
        done = hw.get(job)
        assert (done.state, done.result["files"]) == ("completed", 5), done.error
    assert contents(tmp_path / "served" / "to") == contents(tmp_path / "served" / "from")
    kept = [*tmp_path.glob("jobs.db*"), *(tmp_path / "cache").rglob("*.jsonl")]
    assert len(kept) >= 3
    assert [file.name for file in kept if PASSWORD.encode() in file.read_bytes()] == []
