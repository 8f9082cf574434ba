"""The query language of lists: `state:failed,paused type:site.transfer label.site:a -session:old "two words"`.

Words stand apart by blanks, and all must hold. `field:value` compares, several values behind commas hold where any of
them does, `-field:value` where none does; other words are looked for in texts. Quotes keep blanks, commas and colons
together. A field that comes again adds to its values.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

import msgspec

from headway.model.moves import STATES

FIELDS: Mapping[str, str] = {
    "state": "state", "status": "state", "type": "type", "name": "name", "session": "session",
    "category": "category", "context": "context", "label": "label", "owner": "owner", "error": "error", "id": "id",
    "parent": "parent", "root": "root", "restarted_from": "restarted_from", "is": "is", "text": "text",
}  # fmt: skip
"""Every field by the words that stand for it."""
DENIED = ("state", "type", "session", "category", "owner", "name", "label")
"""Fields that can have a minus."""
OPENNESS = ("active", "ended")
MOST_TEXTS = 4
"""Words that are looked for at once."""
LONGEST = 2000
"""Characters of the longest query."""


class WrongQuery(ValueError):
    """A query that can not be read. at: from which character to which; expected: what should stand there."""

    def __init__(self, message: str, at: tuple[int, int], expected: str) -> None:
        super().__init__(message)
        self.at = at
        self.expected = expected


class Query(msgspec.Struct, frozen=True, kw_only=True):
    """What a query asks for. values: any of these, by field; without: none of these; labels: of each name any of its
    values; texts: all of these words.
    """

    values: dict[str, list[str]] = {}
    without: dict[str, list[str]] = {}
    labels: dict[str, list[str]] = {}
    texts: list[str] = []

    @property
    def tells_state(self) -> bool:
        """Whether it says which states it wants."""
        return "state" in self.values or "is" in self.values


class _Word(NamedTuple):
    """A word of a query. letters: each with whether it stood in quotes; begin, end: where it stands."""

    letters: list[tuple[str, bool]]
    begin: int
    end: int

    @property
    def text(self) -> str:
        return _joined(self.letters)

    @property
    def at(self) -> tuple[int, int]:
        return self.begin, self.end


def parsed(text: str) -> Query:
    """What a query asks for. Raises WrongQuery, naming the word that is wrong, where it stands and what should."""
    if len(text) > LONGEST:
        told = f"The query has {len(text):,} characters; expected at most {LONGEST:,}."
        raise WrongQuery(told, (LONGEST, len(text)), f"at most {LONGEST:,} characters")
    found = Query(values={}, without={}, labels={}, texts=[])
    for word in _words(text):
        _take(found, word)
    return found


def quoted(words: Sequence[str]) -> str:
    """Words of a command line as one query: what the shell has kept together stays together."""
    return " ".join(_quoted_word(word) for word in words)


def _quoted_word(word: str) -> str:
    if '"' in word or not any(letter.isspace() for letter in word):
        return word
    name, colon, value = word.partition(":")
    plain = name.removeprefix("-").partition(".")[0]
    return f'{name}:"{value}"' if colon and plain in FIELDS and "\\" not in value else f'"{_escaped(word)}"'


def _escaped(word: str) -> str:
    return word.replace("\\", "\\\\").replace('"', '\\"')


def _words(text: str) -> Iterator[_Word]:
    letters: list[tuple[str, bool]] = []
    begin, at, quote = 0, 0, -1
    while at < len(text):
        letter = text[at]
        if quote >= 0 and letter == "\\" and text[at + 1 : at + 2] in ("\\", '"'):
            at += 1
            letters.append((text[at], True))
        elif letter == '"':
            begin = begin if letters or quote >= 0 else at
            quote = -1 if quote >= 0 else at
            letters.append(("", True))
        elif letter.isspace() and quote < 0:
            if letters:
                yield _Word(letters, begin, at)
            letters = []
        else:
            begin = begin if letters else at
            letters.append((letter, quote >= 0))
        at += 1
    if quote >= 0:
        told = f'The quote before {text[quote + 1 :][:40]!r} is not closed; expected another " behind it.'
        raise WrongQuery(told, (quote, len(text)), 'a closing "')
    if letters:
        yield _Word(letters, begin, len(text))


def _take(query: Query, word: _Word) -> None:
    colon = next((place for place, one in enumerate(word.letters) if one == (":", False)), -1)
    if colon < 0:
        _look_for(query, word, word.letters)
        return
    name = _joined(word.letters[:colon])
    denied = name.startswith("-")
    plain, dot, label = name.removeprefix("-").partition(".")
    field = FIELDS.get(plain)
    if field is None or (dot and field != "label"):
        raise _unknown(word, name.removeprefix("-"))
    if denied and field not in DENIED:
        can = ", ".join(DENIED)
        raise WrongQuery(f"{word.text!r:.80}: {field} takes no minus; {can} do.", word.at, f"{field}: without a minus")
    values = _split(word.letters[colon + 1 :])
    if field == "text":
        _look_for(query, word, word.letters[colon + 1 :])
    elif field == "label":
        _add_label(query, word, label, values, denied)
    else:
        _add(query, word, field, values, denied)


def _look_for(query: Query, word: _Word, letters: list[tuple[str, bool]]) -> None:
    text = _joined(letters)
    if not text:
        raise WrongQuery("A word of the query is empty.", word.at, "a word or a text in quotes")
    query.texts.append(text)
    if len(query.texts) > MOST_TEXTS:
        told = f"{text!r:.60} is word {len(query.texts)} to look for; a query takes {MOST_TEXTS}. Quotes join words."
        raise WrongQuery(told, word.at, f"at most {MOST_TEXTS} words; quotes join several into one text")


def _add(query: Query, word: _Word, field: str, values: list[str], denied: bool) -> None:
    known = {"state": STATES, "is": OPENNESS}.get(field)
    for value in values:
        if not value:
            raise WrongQuery(f"{word.text!r:.80}: a value is missing.", word.at, f"{field}:VALUE")
        if known is not None and value not in known:
            near = difflib.get_close_matches(value, known, n=1)
            hint = f" Did you mean {near[0]}?" if near else ""
            told = f"{value!r:.60} is no value of {field}.{hint} There are {', '.join(known)}."
            raise WrongQuery(told, word.at, f"{field}: one of {', '.join(known)}")
    into = query.without if denied else query.values
    into[field] = list(dict.fromkeys([*into.get(field, []), *values]))


def _add_label(query: Query, word: _Word, name: str, values: list[str], denied: bool) -> None:
    if not name:
        first, sign, value = _label(values[0])
        name, values = (first, [value, *values[1:]]) if sign else ("", [])
    if not name or not values or not all(values):
        raise WrongQuery(
            f"{word.text!r:.80}: expected label.NAME:VALUE or label:NAME=VALUE.", word.at, "label.NAME:VALUE"
        )
    if denied:
        pairs = [f"{name}={value}" for value in values]
        query.without["label"] = list(dict.fromkeys([*query.without.get("label", []), *pairs]))
    else:
        query.labels[name] = list(dict.fromkeys([*query.labels.get(name, []), *values]))


def _label(text: str) -> tuple[str, str, str]:
    """Name and value behind `label:`, parted by the first = or :."""
    sign = min((text.find(sign), sign) for sign in "=:" if sign in text)[1] if "=" in text or ":" in text else "="
    return text.partition(sign)


def _split(letters: list[tuple[str, bool]]) -> list[str]:
    """The values behind a colon, parted by commas that are not in quotes."""
    values: list[list[tuple[str, bool]]] = [[]]
    for one in letters:
        if one == (",", False):
            values.append([])
        else:
            values[-1].append(one)
    return [_joined(value) for value in values]


def _joined(letters: list[tuple[str, bool]]) -> str:
    return "".join(letter for letter, _ in letters)


def _unknown(word: _Word, name: str) -> WrongQuery:
    near = difflib.get_close_matches(name, FIELDS, n=1)
    hint = f" Did you mean {near[0]}:?" if near and near[0] != name else ""
    return WrongQuery(
        f"The word {word.text[:60]!r} of the query is not understood.{hint} Fields: {', '.join(FIELDS)}, each followed "
        "by a colon and a value; text:... finds a text with a colon in it.",
        word.at,
        f"one of the fields {', '.join(FIELDS)}",
    )
