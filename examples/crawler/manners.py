"""How a guest behaves: what robots.txt allows, and how long to wait between two requests to one host."""

from __future__ import annotations

import threading
from collections.abc import Callable
from urllib.parse import urlsplit
from urllib.robotparser import RobotFileParser

from examples.crawler.fetch import Answer, Fetcher, FetchError
from examples.crawler.links import host_of, normal

LONGEST_DELAY_S = 60.0
MOST_REDIRECTS = 5


class Manners:
    """The rules of each host, asked once; and its turns. Thread-safe.

    sleep: waits that long, and may end the job meanwhile. now: seconds that only rise.
    """

    def __init__(
        self, fetcher: Fetcher, delay_s: float, sleep: Callable[[float], None], now: Callable[[], float]
    ) -> None:
        self._fetcher, self._delay_s, self._sleep, self._now = fetcher, delay_s, sleep, now
        self._rules: dict[str, RobotFileParser] = {}
        self._next: dict[str, float] = {}
        self._asking, self._lock = threading.Lock(), threading.Lock()

    def allow(self, address: str) -> bool:
        """Whether the host's robots.txt lets this crawler come. Without one everything is allowed."""
        return self._of(address).can_fetch(self._fetcher.user_agent, address)

    def wait(self, address: str) -> None:
        """Returns when it is this request's turn at its host."""
        asked = self._of(address).crawl_delay(self._fetcher.user_agent)
        delay = min(LONGEST_DELAY_S, max(self._delay_s, float(asked or 0)))
        with self._lock:
            turn = max(self._now(), self._next.get(host_of(address), 0.0))
            self._next[host_of(address)] = turn + delay
        left = turn - self._now()
        if left > 0:
            self._sleep(left)

    def _of(self, address: str) -> RobotFileParser:
        host = host_of(address)
        with self._asking:
            if host not in self._rules:
                self._rules[host] = self._ask(f"{urlsplit(address).scheme}://{host}/robots.txt")
            return self._rules[host]

    def _ask(self, address: str) -> RobotFileParser:
        """A host that refuses to tell its rules refuses everything; one that has none allows everything."""
        rules = RobotFileParser(address)
        try:
            answer = self._led(address)
            rules.parse(answer.text.splitlines() if answer.status == 200 else [])
        except FetchError as problem:
            refused = problem.status in (401, 403) or (problem.status or 0) >= 500
            rules.parse(["User-agent: *", "Disallow: /"] if refused else [])
        return rules

    def _led(self, address: str) -> Answer:
        """Rules may stand elsewhere: some redirects are followed to them."""
        answer = self._fetcher.get(address)
        for _ in range(MOST_REDIRECTS):
            target = normal(answer.headers.get("Location") or "", address) if 300 < answer.status < 400 else None
            if target is None:
                break
            address, answer = target, self._fetcher.get(target)
        return answer
