"""How the jobs of the demo go wrong: each says what was found, and what to do."""

from __future__ import annotations


class RowRefused(Exception):
    """A row of a file can not be taken."""

    code = "row_refused"


class HostAway(Exception):
    """A host does not answer."""

    code = "unreachable"


class NoSpace(Exception):
    """The target is full."""

    code = "disk_full"
