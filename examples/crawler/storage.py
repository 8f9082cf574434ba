"""Where contents lie: files by the hash of what is in them, so that the same content is stored once."""

from __future__ import annotations

import hashlib
import mimetypes
import os
import threading
from pathlib import Path
from typing import NamedTuple


class Stored(NamedTuple):
    """A content. path: where it lies; digest: its SHA-256."""

    path: str
    digest: str


class Storage:
    """A folder of contents. It is shared by crawls, which thereby share what is the same."""

    def __init__(self, folder: str | None = None) -> None:
        cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
        self.folder = Path(folder) if folder else cache / "headway" / "crawler"

    def keep(self, content: bytes, media: str) -> Stored:
        """Stores a content, whole or not at all."""
        digest = hashlib.sha256(content).hexdigest()
        path = self.folder / digest[:2] / (digest + (mimetypes.guess_extension(media) or ".bin"))
        if not path.exists():
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            part = path.with_suffix(f".{os.getpid()}-{threading.get_ident()}.part")
            part.write_bytes(content)
            part.replace(path)
        return Stored(str(path), digest)
