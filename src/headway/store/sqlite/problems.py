"""What SQLite and the file system say about a database file, as errors of ours."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import apsw

from headway.errors import IllegalChange, StoreBusy, StoreFull, StoreUnusable


@contextmanager
def explained(path: str) -> Iterator[None]:
    """Turns SQLite's errors about a file into ours: what was found, and what to do."""
    try:
        yield
    except apsw.FullError as error:
        raise StoreFull(
            f"The disk that holds {path} is full ({error}). Make room and try again; nothing stored is lost."
        ) from error
    except apsw.IOError as error:
        raise StoreFull(f"Writing {path} failed ({error}). See that its disk is there and has room.") from error
    except apsw.NotADBError as error:
        raise StoreUnusable(
            f"{path} is not an SQLite database ({error}). Name another file; this one was not touched.",
            where=path,
        ) from error
    except apsw.CorruptError as error:
        raise StoreUnusable(
            f"{path} is damaged ({error}). `headway doctor` tells more. To put a copy back, move the file away with "
            "those beside it whose names begin as its own does, then: headway db restore COPY",
            where=path,
        ) from error
    except (
        apsw.ReadOnlyError,
        apsw.CantOpenError,
        PermissionError,
        FileNotFoundError,
        IsADirectoryError,
        NotADirectoryError,
    ) as error:
        raise StoreUnusable(_why_not_writable(path, error), where=path) from error
    except (apsw.BusyError, apsw.LockedError) as error:
        raise StoreBusy(
            f"{path} is locked by a program that does not take turns ({error}). Close it and try again."
        ) from error
    except apsw.ConstraintError as error:
        raise IllegalChange(f"The database refused the change: {error}") from error
    except OSError as error:
        raise StoreFull(f"Writing beside {path} failed ({error}). See that its disk is there and has room.") from error


def _why_not_writable(path: str, error: BaseException) -> str:
    file, folder = Path(path), Path(path).absolute().parent
    if file.is_dir():
        found = "it is a folder; name a file in it"
    elif not folder.exists():
        found = f"the folder {folder} does not exist; create it first"
    elif not os.access(folder, os.W_OK):
        found = f"the folder {folder} can not be written, and SQLite keeps files beside the database"
    elif file.exists() and not os.access(file, os.W_OK):
        found = "the file can not be written by this user"
    else:
        found = "the file system refuses it (is it mounted read-only?)"
    return f"Can not open {path} for writing: {found} ({error})."
