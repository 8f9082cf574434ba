"""A fresh installation: every page says what to do, and what it says works."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.looking import LONG_MS, main
from tests.browser.serving import Served

PROGRAMS = str(Path(sys.executable).parent)


def run(command: str, folder: Path) -> subprocess.Popen[bytes]:
    """Runs what a page has offered, as somebody would in a terminal: nothing tells it where the server has its jobs."""
    env = {name: value for name, value in os.environ.items() if name not in ("HEADWAY_URL", "XDG_DATA_HOME")}
    env |= {"PATH": f"{PROGRAMS}:{os.environ['PATH']}", "HOME": str(folder)}
    words = [sys.executable, "-c", command] if command.startswith("import ") else shlex.split(command)
    return subprocess.Popen(words, env=env, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE)


@pytest.mark.parametrize(
    ("path", "kind", "appears"),
    [
        ("/", "Command line", "hello"), ("/", "Python", "hello"), ("/", "HTTP", "hello"), ("/jobs", None, "hello"),
        ("/sessions", None, "acme"),
    ],
)  # fmt: skip
def test_35_the_offered_command_fills_the_page(
    page: Page, served: Served, tmp_path: Path, path: str, kind: str | None, appears: str
) -> None:
    """ux 35: all that an empty page has to copy reaches the page's own database, which is not where commands look by
    themselves; when it is run, the page fills without a reload.
    """
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto(served.address + path)
    if kind is not None:
        main(page).get_by_text(kind, exact=True).click()
    copy = main(page).get_by_role("button", name=re.compile("^Copy the (command|code)"))
    expect(copy).to_have_count(1)
    copy.click()
    expect(page.get_by_role("status").filter(has_text="Copied")).to_have_count(1)
    command = page.evaluate("() => navigator.clipboard.readText()")
    with run(command, tmp_path) as running:
        try:
            expect(main(page).get_by_role("link", name=appears).first).to_be_visible(timeout=LONG_MS)
            expect(copy).to_have_count(0)
        finally:
            running.terminate()
            print(running.communicate(timeout=60))  # what it said, for whoever reads why it failed


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("/recovery", "Nothing waits for you"), ("/health", "Everything is well."),
        ("/settings", "No type and no session says how long its jobs are kept: they all stay."),
    ],
)  # fmt: skip
def test_35_pages_without_anything_are_whole(page: Page, served: Served, path: str, words: str) -> None:
    """ux 35: pages that need no jobs say so in words, and show no error."""
    page.goto(served.address + path)
    expect(main(page).get_by_text(words, exact=True)).to_be_visible()
    expect(page.get_by_text("Loading…")).to_have_count(0)
    expect(main(page).get_by_role("alert")).to_have_count(0)
