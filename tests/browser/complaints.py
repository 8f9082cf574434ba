"""What a page complains about while a test looks at it: errors of scripts, the console, the content security policy."""

from __future__ import annotations

from playwright.sync_api import ConsoleMessage, Page, WebError

LOST = ("net::ERR_", "WebSocket connection to")
"""How the console words connections that are refused, reset or lost."""


class Complaints:
    """Collects them from every page of a test; what the test has announced is no complaint."""

    def __init__(self) -> None:
        self._heard: list[str] = []
        self._announced: list[str] = []

    def listen(self, page: Page) -> None:
        """Hears a page from now on."""
        page.on("console", self._console)
        page.context.on("weberror", self._error)

    def announce(self, *parts: str) -> None:
        """What holds one of these texts is expected, before or after."""
        self._announced.extend(parts)

    def announce_losses(self) -> None:
        """Connections will be lost: a server that the test kills, a cable that it cuts."""
        self.announce(*LOST)

    @property
    def unexpected(self) -> list[str]:
        """What nobody has announced."""
        return [text for text in self._heard if not any(part in text for part in self._announced)]

    def _console(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            self._heard.append(f"console {message.type}: {message.text} at {message.location.get('url', '')}")

    def _error(self, error: WebError) -> None:
        self._heard.append(f"script error: {error.error}")
