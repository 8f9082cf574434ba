"""What a user reads who lacks an extra."""

from __future__ import annotations

import subprocess
import sys

import pytest


def test_the_command_without_its_extra_says_how_to_get_it() -> None:
    """A user without the cli extra reads one line that names it, not a traceback."""
    # None in sys.modules is how Python itself says that a module is not to be had.
    code = "import sys; sys.modules['click'] = None; import headway.cli; headway.cli.main()"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr.count("\n")) == (1, 1)
    assert "pip install 'headway[cli]'" in done.stderr


@pytest.mark.parametrize("package", ["starlette", "uvicorn", "prometheus_client"])
def test_serve_without_its_extra_says_how_to_get_it(package: str) -> None:
    """A user with the cli extra alone reads one line that names the server extra."""
    code = (
        f"import sys; sys.modules[{package!r}] = None; sys.argv[1:] = ['serve']; import headway.cli; headway.cli.main()"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr.count("\n")) == (1, 1)
    assert "pip install 'headway[server]'" in done.stderr


def test_the_server_module_without_its_extra_says_how_to_get_it() -> None:
    """A program that mounts the server reads the same, as the error of its import."""
    code = "import sys; sys.modules['starlette'] = None; from headway.server import create_app"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    last = done.stderr.splitlines()[-1]
    assert last.startswith("ModuleNotFoundError: headway.server needs the server extra")
    assert "pip install 'headway[server]'" in last
