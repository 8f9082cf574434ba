"""The command line for a user who has only the core."""

from __future__ import annotations

import subprocess
import sys


def test_the_command_without_its_extra_says_how_to_get_it() -> None:
    """A user without the cli extra reads one line that names it, not a traceback."""
    # None in sys.modules is how Python itself says that a module is not to be had.
    code = "import sys; sys.modules['click'] = None; import headway.cli; headway.cli.main()"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr.count("\n")) == (1, 1)
    assert "pip install 'headway[cli]'" in done.stderr
