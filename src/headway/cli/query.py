"""A query that is given on the command line, refused before anything is asked."""

from __future__ import annotations

import click

from headway.model.query import Query, WrongQuery, parsed


def read(text: str) -> Query:
    """What a query asks for. Raises UsageError, naming what is wrong with it."""
    try:
        return parsed(text)
    except WrongQuery as wrong:
        raise click.UsageError(str(wrong)) from None
