"""What a page holds: its title, its links, and the texts that selectors name."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from html.parser import HTMLParser
from typing import NamedTuple
from urllib.parse import urldefrag, urljoin, urlsplit, urlunsplit

LINKS = {"a": "href", "area": "href"}
EMBEDDED = {"img": "src", "script": "src", "link": "href", "source": "src"}
EMPTY = frozenset("area base br col embed hr img input link meta source track wbr".split())
MOST_TEXTS = 100
LONGEST_TEXT = 1000
LONGEST_URL = 2000
DEFAULT_PORTS = {"http": 80, "https": 443}


class Page(NamedTuple):
    """What was found. links: other pages; embedded: files that the page shows; both absolute, each once, in order."""

    title: str | None
    links: list[str]
    embedded: list[str]
    extracted: dict[str, list[str]]


class Selector(NamedTuple):
    """A tag, a class, an id, or a tag with one of these: "h1", ".price", "#total", "td.price"."""

    tag: str
    kind: str
    name: str

    @classmethod
    def of(cls, text: str) -> Selector:
        """Raises ValueError for anything else."""
        found = re.fullmatch(r"([A-Za-z][\w-]*)?(?:([.#])([\w-]+))?", text)
        if not text or found is None:
            raise ValueError(
                f'{text[:60]!r} is no selector: expected a form such as "h1", ".price", "#total", "td.price"'
            )
        tag, kind, name = (part or "" for part in found.groups())
        return cls(tag.lower(), kind, name)

    def fits(self, tag: str, attributes: Mapping[str, str | None]) -> bool:
        """Whether an element is meant."""
        if self.tag and tag != self.tag:
            return False
        if self.kind == ".":
            return self.name in (attributes.get("class") or "").split()
        return not self.kind or attributes.get("id") == self.name


def read(html: str, address: str, selectors: Mapping[str, str]) -> Page:
    """Parses a page that came from an address. Raises ValueError for a bad selector."""
    parser = _Parser(address, {name: Selector.of(text) for name, text in selectors.items()})
    parser.feed(html)
    parser.close()
    return parser.page()


def normal(address: str, base: str = "") -> str | None:
    """An address as it is known: absolute, host in lower case, no fragment. None where it can not be fetched."""
    try:
        parts = urlsplit(urldefrag(urljoin(base, address.strip())).url)
        host, port = (parts.hostname or "").lower(), parts.port
    except ValueError:
        return None
    if parts.scheme not in DEFAULT_PORTS or not host:
        return None
    shown = f"[{host}]" if ":" in host else host
    place = shown if port in (None, DEFAULT_PORTS[parts.scheme]) else f"{shown}:{port}"
    whole = urlunsplit((parts.scheme, place, parts.path or "/", parts.query, ""))
    return whole if len(whole.encode()) <= LONGEST_URL and whole.isprintable() else None


def host_of(address: str) -> str:
    """The host and port of a normal address: what one crawl keeps to."""
    return urlsplit(address).netloc


class _Parser(HTMLParser):
    def __init__(self, address: str, selectors: Mapping[str, Selector]) -> None:
        super().__init__(convert_charrefs=True)
        self._base = address
        self._selectors = selectors
        self._links: dict[str, None] = {}
        self._embedded: dict[str, None] = {}
        self._open: list[tuple[str, list[str], str]] = []  # of elements whose text is wanted: tag, text, name
        self._texts: dict[str, list[str]] = {name: [] for name in selectors}
        self._title: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = dict(attrs)
        if tag == "base" and attributes.get("href"):
            self._base = urljoin(self._base, str(attributes["href"]))
        for known, found in ((LINKS, self._links), (EMBEDDED, self._embedded)):
            given = attributes.get(known.get(tag, ""))
            link = normal(given, self._base) if given else None
            if link is not None:
                found[link] = None
        if tag not in EMPTY:
            self._open += [(tag, [], name) for name in self._wanted(tag, attributes)]

    def handle_data(self, data: str) -> None:
        for _, texts, _ in self._open:
            texts.append(data)

    def handle_endtag(self, tag: str) -> None:
        """All open elements of that tag end: those inside others of their kind are told with the text so far."""
        for place in range(len(self._open) - 1, -1, -1):
            if self._open[place][0] == tag:
                self._end(place)

    def page(self) -> Page:
        """What was found."""
        while self._open:
            self._end(len(self._open) - 1)
        title = " ".join("".join(self._title).split()) or None
        return Page(title, list(self._links), list(self._embedded), {name: t for name, t in self._texts.items() if t})

    def _wanted(self, tag: str, attributes: Mapping[str, str | None]) -> Iterator[str]:
        if tag == "title" and not self._title:
            yield ""
        yield from (name for name, selector in self._selectors.items() if selector.fits(tag, attributes))

    def _end(self, place: int) -> None:
        _, texts, name = self._open.pop(place)
        text = " ".join("".join(texts).split())[:LONGEST_TEXT]
        if not name:
            self._title.append(text)
        elif text and len(self._texts[name]) < MOST_TEXTS:
            self._texts[name].append(text)
