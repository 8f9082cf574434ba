"""The browser that the tests drive: where it is, and how it is started."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, BrowserContext, sync_playwright

GIVEN = "HEADWAY_TEST_BROWSER"
_DEBIAN = Path("/usr/bin/chromium")
_STARTS_MS = 120_000


class NoBrowser(Exception):
    """There is no Chromium; the message says how to get one."""


def program() -> Path:
    """The Chromium of $HEADWAY_TEST_BROWSER, else Debian's. Raises NoBrowser."""
    given = os.environ.get(GIVEN)
    found = Path(given) if given else _DEBIAN
    if not os.access(found, os.X_OK):
        raise NoBrowser(
            f"{found} is no program that can be started. Set ${GIVEN} to a Chromium, "
            "or install Debian's: apt-get install --no-install-recommends chromium"
        )
    return found


@contextmanager
def started(*flags: str) -> Iterator[Browser]:
    """A headless browser while the block lasts. Raises NoBrowser."""
    with sync_playwright() as playwright:
        # Without a sandbox, which needs rights that containers do not have; only pages of these tests are opened.
        # Its scratch files belong in a folder: /dev/shm of a container is small.
        options = ["--no-sandbox", "--disable-dev-shm-usage", *flags]
        browser = playwright.chromium.launch(executable_path=program(), args=options, timeout=_STARTS_MS)
        try:
            yield browser
        finally:
            browser.close()


def fresh(browser: Browser, *, width: int = 1280, height: int = 800, **options: Any) -> BrowserContext:
    """A new profile: nothing is remembered from another."""
    given: dict[str, Any] = {
        "locale": "en-US",
        "timezone_id": "Europe/Berlin",
        "viewport": {"width": width, "height": height},
    }
    return browser.new_context(**{**given, **options})
