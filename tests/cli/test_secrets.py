"""SEC21: a password in the address of the database stays with those who need it."""

from __future__ import annotations

from pathlib import Path
from uuid import uuid4

import pytest

from headway import Headway
from tests.cli.command import Cli

CANARY = f"c4n4ry-{uuid4().hex}"
"""Of this test alone: it looks at all processes of the machine, and other tests have canaries as well."""


def with_canary(url: str) -> str:
    """The address with a password, which a server that trusts its own machine does not ask for."""
    user, _, host = url.partition("://")[2].rpartition("@")
    return f"postgresql://{user.partition(':')[0] or 'postgres'}:{CANARY}@{host}"


def arguments_of_all() -> str:
    """What `ps` shows of every process."""
    found = []
    for place in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            found.append(place.read_bytes().decode(errors="replace"))
        except OSError:  # it has ended
            continue
    return "\n".join(found)


def test_a_supervisor_does_not_show_the_password(request: pytest.FixtureRequest, tmp_path: Path) -> None:
    """The supervisor of a detached command has no password among its arguments, its messages and the job's history."""
    url = with_canary(request.getfixturevalue("postgres_url"))
    command = Cli(url, tmp_path)
    started = command("run", "--detach", "--", "sleep", "600")
    with Headway(url) as hw:
        hw.wait("@last", "running")
        shown = arguments_of_all()
        hw.cancel("@last")
        job = hw.wait("@last")
        said = "".join(str(event) for event in hw.events(job).all())
    assert "sleep" in shown
    assert CANARY not in shown + said + str(job) + started.stdout + started.stderr + command("show", "1").stdout
