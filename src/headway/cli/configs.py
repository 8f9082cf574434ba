"""Configurations on the command line: files in JSON, TOML or YAML, and single values."""

from __future__ import annotations

import itertools
import json
import sys
import tomllib
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, TypeVar

import click
import msgspec

from headway.cli import inputs
from headway.cli.app import App
from headway.cli.text import one_line
from headway.errors import InvalidInput

Function = TypeVar("Function", bound=Callable[..., Any])


def setting(verb: Function) -> Function:
    """The options that set single values, as `pairs` and `secrets`."""
    verb = click.option(
        "--secret", "secrets", metavar="KEY", multiple=True, help="Set a value that is asked for, without echo."
    )(verb)
    return click.option(
        "--set", "pairs", metavar="KEY=TEXT|KEY:=JSON", multiple=True, help="Set a value; a.b=... reaches into a."
    )(verb)


def tell_of_seen(app: App, pairs: Sequence[str]) -> None:
    """Says which values, under names of secrets, stood in the arguments of a process."""
    for name in map(one_line, inputs.in_clear(inputs.read(pairs, None))):
        app.say(
            f"headway: {name} was seen by whoever lists processes; it is stored encrypted. "
            f"Asked for unseen: --secret {name}"
        )


def read(file: str) -> dict[str, Any]:
    """The configuration in a file, read as its extension says; - is JSON on standard input. Raises InvalidInput."""
    reader = _reader(file)
    try:
        content = sys.stdin.buffer.read() if file == "-" else Path(file).read_bytes()
        found = reader(content.decode()) if content.strip() else None
    except OSError as problem:
        raise InvalidInput(f"{file}: {problem.strerror}. Name a file with a configuration.") from None
    except (ValueError, msgspec.DecodeError) as problem:
        raise InvalidInput(f"{file} can not be read: {problem}.") from None
    if found is None:
        raise InvalidInput(f"{file} is empty. To have a configuration without values, write {{}} in a .json file.")
    if not isinstance(found, Mapping):
        raise InvalidInput(f"{file}: expected named values at the top; found {type(found).__name__}.")
    return dict(found)


def changed(config: Mapping[str, Any], pairs: Sequence[str], secrets: Sequence[str] = ()) -> dict[str, Any]:
    """A configuration with single values set: key=text or key:=json; left.host=... reaches into objects.

    secrets: keys whose values are asked for.

    Raises UsageError where a key leads through something that is no object.
    """
    result: dict[str, Any] = _copy(config)
    for name, value in inputs.read(pairs, None, secrets).items():
        *path, last = name.split(".")
        place = result
        for part in path:
            place = place.setdefault(part, {})
            if not isinstance(place, dict):
                raise click.UsageError(f"--set {name}: {part!r} holds no object, so nothing can be set in it.")
        place[last] = value
    return result


def pretty(config: Mapping[str, Any]) -> str:
    """A configuration for people: JSON on several lines."""
    return json.dumps(config, indent=2, ensure_ascii=True)


def _copy(value: Any) -> Any:
    return {name: _copy(member) for name, member in value.items()} if isinstance(value, Mapping) else value


def _reader(file: str) -> Callable[[str], Any]:
    extension = ".json" if file == "-" else Path(file).suffix.lower()
    try:
        return _READERS[extension]
    except KeyError:
        raise click.UsageError(
            f"{file!r}: its extension {extension!r} is not known; expected {', '.join(_READERS)}."
        ) from None


def _yaml(text: str) -> Any:
    import yaml

    loader = yaml.SafeLoader(text)
    try:
        node = loader.get_single_node()
        if node is not None:
            _refuse_twice(node)
        found = None if node is None else loader.construct_document(node)
    except yaml.YAMLError as problem:  # its text repeats the line, which may hold a password
        mark = getattr(problem, "problem_mark", None)
        where = "" if mark is None else f" in line {mark.line + 1}, column {mark.column + 1}"
        raise ValueError(f"{getattr(problem, 'problem', None) or 'it is no YAML'}{where}") from None
    finally:
        loader.dispose()
    return found


def _refuse_twice(root: Any) -> None:
    """Raises ValueError for a key that a mapping names twice, of which the reader would take the last one."""
    nodes, seen = [root], set[int]()
    while nodes:
        node = nodes.pop()
        if node.id == "scalar" or id(node) in seen:  # an alias is the node that it stands for
            continue
        seen.add(id(node))
        if node.id == "mapping":
            _refuse_key_twice([key for key, _ in node.value])
        nodes += itertools.chain.from_iterable(node.value) if node.id == "mapping" else node.value


def _refuse_key_twice(keys: Sequence[Any]) -> None:
    known = set[tuple[str, str]]()
    for key in keys:
        if key.id != "scalar" or key.value == "<<":  # what is merged in gives way to what stands beside it
            continue
        if (key.tag, key.value) in known:
            raise ValueError(f"it has the key {key.value!a:.60} twice, again in line {key.start_mark.line + 1}")
        known.add((key.tag, key.value))


_READERS: dict[str, Callable[[str], Any]] = {
    ".json": msgspec.json.decode, ".toml": tomllib.loads, ".yaml": _yaml, ".yml": _yaml,
}  # fmt: skip
