"""What a place holds at a path, asked folder by folder: one request for a folder, not one for each of its
files.
"""

from __future__ import annotations

from examples.site_mover.places import Entry, Place


class Listing:
    """Answers for paths that come in the order of a walk; keeps the folders on the way to the last one
    asked for.
    """

    def __init__(self, place: Place) -> None:
        self._place = place
        self._folders: dict[str, dict[str, Entry]] = {}

    def get(self, path: str) -> Entry | None:
        """The entry at this path when its folder was first asked about, or None. Raises OSError,
        PlaceLost.
        """
        folder = path.rpartition("/")[0]
        self._folders = {
            known: held
            for known, held in self._folders.items()
            if f"{folder}/".startswith(f"{known}/" if known else "")
        }
        if folder not in self._folders:
            self._folders[folder] = self._read(folder)
        return self._folders[folder].get(path)

    def _read(self, folder: str) -> dict[str, Entry]:
        above = self.get(folder) if folder else None
        if folder and (above is None or above.kind != "folder"):
            return {}
        try:
            return {entry.path: entry for entry in self._place.list(folder)}
        except FileNotFoundError:
            return {}
