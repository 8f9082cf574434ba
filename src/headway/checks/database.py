"""Whether the database can be used."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

from headway.checks.subject import Findings, Subject, failing, ok
from headway.errors import HeadwayError
from headway.store import migrate, opening

ANOTHER = "see the message; --url or $HEADWAY_URL names another one"


def answers(subject: Subject) -> Findings:
    """Whether it answers the verbs, wherever it is."""
    subject.hw.now()
    subject.hw.counts()
    yield ok("database", "it answers")


def server(subject: Subject) -> Findings:
    """Whether the server that has it can be asked."""
    try:
        subject.hw.now()
    except HeadwayError as problem:
        yield failing("server", str(problem), ANOTHER)
        return
    yield ok("server", f"{subject.place} answers")


def schema(subject: Subject) -> Findings:
    """Whether it is there, and has the schema of this release. It is not made by looking."""
    url = subject.hw.url
    if not subject.on_postgres and "://" in url:
        yield failing("database", f"{url} is no address of a database", "name a file or postgresql://...")
        return
    if not subject.on_postgres and not Path(url).exists():
        yield ok("database", f"{url} is not there yet; the first job makes it")
        return
    try:
        with closing(opening.connect(url, subject.clock, create=False)) as database:
            status = migrate.status(database)
    except HeadwayError as problem:
        yield failing("database", str(problem), ANOTHER)
        return
    yield ok("database", subject.place)
    if not status.found:
        yield ok("tables", "not there yet; the first job makes them")
    elif status.found == status.wanted:
        yield ok("schema", str(status.found))
    else:
        remedy = subject.command("db upgrade") if status.pending else "use the newer release that made it"
        yield failing("schema", f"{status.found}, this release needs {status.wanted}", remedy)
