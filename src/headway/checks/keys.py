"""The keys of secrets that are still to be opened."""

from __future__ import annotations

from contextlib import closing

from headway.checks.subject import Findings, Subject, failing, ok, warning
from headway.errors import SecretUnavailable
from headway.store import opening, sealing
from headway.store.keys import keyring


def keys(subject: Subject) -> Findings:
    """Whether all that are needed are here."""
    with closing(opening.connect(subject.hw.url, subject.clock, create=False)) as database:
        needed = sealing.keys_in_use(database)
    try:
        found = keyring()
    except SecretUnavailable as problem:
        told = failing if needed else warning
        yield told("keys", str(problem), "see the message; secrets need a key")
        return
    missing = sorted(needed - found.keys.keys())
    if missing:
        said = f"{found.place} lacks {', '.join(missing)}, with which secrets of sessions or open jobs were sealed"
        yield failing("keys", said, "add that key, from where the secrets were given; or give the secrets anew")
    elif found.keys:
        yield ok("keys", f"{len(found.keys)} in {found.place}")
    else:
        yield ok("keys", "none yet; the first secret makes one")
