"""The verbs that compare configurations. They are compared as they are stored, secrets sealed."""

from __future__ import annotations

import shlex
from collections.abc import Iterator
from typing import Any

from headway.errors import NotFound
from headway.model.configuration import ConfigChange, ConfigDiff, JobConfiguration
from headway.model.value import decode
from headway.secret import MARK, Path, shown, shown_path
from headway.store import keeping, workspaces
from headway.tracker import asking
from headway.tracker.connection import AnyId
from headway.tracker.lookup import find
from headway.tracker.reading import Reading
from headway.tracker.workspace import session_id

_NONE = object()


class Configurations(Reading):
    """The difference between two saves, and the configuration of a job."""

    def session_diff(self, id: str, from_version: int | None = None, to_version: int | None = None) -> ConfigDiff:
        """What version `to_version` of a session's configuration, else the current one, has otherwise than
        `from_version`, else the one before it. A secret is only told to be another one. Raises NotFound, InvalidInput.
        """
        known = workspaces.require(self._database, session_id(id))
        after = known.config_version if to_version is None else asking.number(to_version, "to_version")
        before = max(1, after - 1) if from_version is None else asking.number(from_version, "from_version")
        old, new = (self._saved(known.id, version) for version in (before, after))
        return ConfigDiff(session=known.id, before=before, after=after, changes=list(changes(old, new)))

    def job_configuration(self, any_id: AnyId) -> JobConfiguration:
        """The configuration that a job runs with, and what the job of the same type before it had otherwise."""
        _, row = find(self._database, any_id)
        config = decode(workspaces.config_of(self._database, row))
        current = workspaces.find(self._database, row.session)
        previous = keeping.previous_of(self._database, row)
        old = None if previous is None else decode(workspaces.config_of(self._database, previous))
        return JobConfiguration(
            job_id=row.id, session=row.session, version=row.config_version, config=shown(config),
            current=None if current is None else current.config_version,
            previous=None if previous is None else previous.id,
            previous_version=None if previous is None else previous.config_version,
            changes=[] if old is None else list(changes(old, config)),
        )  # fmt: skip

    def _saved(self, session: str, version: int) -> Any:
        rows = workspaces.versions(self._database, session, version + 1, 1)
        if not rows or rows[0][1] != version:
            listed = f"headway session config {shlex.quote(session)} --versions"
            raise NotFound(f"Session {session!r} has no version {version}. {listed}")
        return decode(rows[0][2])


def changes(old: Any, new: Any, at: Path = ()) -> Iterator[ConfigChange]:
    """What one stored value has otherwise than another, in the order of the paths."""
    if old == new:
        return
    if _is_plain(old, dict) and _is_plain(new, dict):
        for name in sorted({*old, *new}):
            yield from changes(old.get(name, _NONE), new.get(name, _NONE), (*at, str(name)))
    elif _is_plain(old, list) and _is_plain(new, list):
        for index in range(max(len(old), len(new))):
            before, after = (value[index] if index < len(value) else _NONE for value in (old, new))
            yield from changes(before, after, (*at, index))
    else:
        yield _change(old, new, at)


def _change(old: Any, new: Any, at: Path) -> ConfigChange:
    secret = _is_secret(old) or _is_secret(new)
    before, after = (None if value is _NONE or secret else shown(value) for value in (old, new))
    word = "added" if old is _NONE else "removed" if new is _NONE else "changed"
    return ConfigChange(path=shown_path(at), change=word, before=before, after=after, secret=secret)  # type: ignore[arg-type]


def _is_plain(value: Any, kind: type) -> bool:
    return isinstance(value, kind) and not _is_secret(value)


def _is_secret(value: Any) -> bool:
    return isinstance(value, dict) and MARK in value
