"""Every entry below a place's root, in an order that is the same each time, so that a walk can go on
where it stopped.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from examples.site_mover.errors import UnsafePath
from examples.site_mover.places import Entry, Place, name_bytes, parts_of

OnError = Callable[[str, Exception], None]
Position = tuple[bytes, ...]


def walk(place: Place, enter: Callable[[Entry], bool], on_error: OnError, after: str = "") -> Iterator[Entry]:
    """Folders before what is in them, names by their bytes; one folder is in memory per level.

    enter: whether an entry counts; a folder that does not is not opened. on_error gets a folder that
    cannot be read. after: the last path of an earlier walk; entries up to and with it are left out.
    Raises PlaceLost.
    """
    yield from _walk(place, "", enter, on_error, position(after))


def position(path: str) -> Position:
    """Where a path stands in the order of a walk: positions compare as the walk goes."""
    return tuple(map(name_bytes, parts_of(path)))


def _walk(
    place: Place, folder: str, enter: Callable[[Entry], bool], on_error: OnError, after: Position
) -> Iterator[Entry]:
    try:
        entries = place.list(folder)
    except (OSError, UnsafePath) as error:
        on_error(folder, error)
        return
    for entry in entries:
        here = position(entry.path)
        if here < after[: len(here)] or not enter(entry):
            continue
        if here > after:
            yield entry
        if entry.kind == "folder":
            yield from _walk(place, entry.path, enter, on_error, after)
