"""What a wheel or a source archive needs before it is packed: the built web pages, and what `headway demo` shows."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

PAGES = "src/headway/server/static/index.html"
SHOWN = ("crawler", "demo", "site_mover")
COMMANDS = (["ci", "--ignore-scripts", "--loglevel=error"], ["run", "--silent", "build"])


class WithPages(BuildHookInterface[Any]):
    """Builds the pages where they are missing. An editable install shows those of its folder, or says how to."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Called before a target is built. Ends the build in one line where there are no pages and no npm."""
        if version == "editable":
            return
        if self.target_name == "wheel":
            build_data["force_include"] |= {
                str(Path(self.root, "examples", name)): f"headway/_examples/examples/{name}" for name in SHOWN
            }
        if Path(self.root, PAGES).is_file():
            return
        npm = shutil.which("npm")
        if npm is None:
            raise SystemExit("headway: the web pages are not built, and there is no npm to build them: install Node 20")
        for command in COMMANDS:
            subprocess.run([npm, *command], cwd=self.root, check=True)
