"""The SQL files: one statement per intention, written once for both databases where they agree.

A file `name.sql` serves both; `name.sqlite.sql` and `name.postgres.sql` stand where the dialects differ, each with
the reason. Fourteen marks are filled in here:

- `:name` is a parameter.
- `{rows(a bigint, b text)}` is a relation of given rows with those columns. PostgreSQL gets one statement over
  all of them, as JSON; SQLite runs the statement once per row, or inserts many rows at once (see insertion).
- `{in column :names}` tests membership in a list.
- `{like}` compares with a pattern, whatever the case of its ASCII letters.
- `{error_message}` is what the error of the row of `jobs` says, `{error_code}` its code; null where that is none.
- `{given p :names}` is the given list as a relation `p` with the column `value`.
- `{begins column :prefix}`, `{after column other}` and `{sorted column}` test, compare and order texts by their
  characters: on PostgreSQL by an index with text_pattern_ops, since its own order follows the language.
- `{by index}` names the index to use. SQLite knows nothing of how many rows share a tenant, takes a key that begins
  with it for narrow, and may walk a whole table for it; PostgreSQL counts.
- `{hold s}` keeps others from changing the row of `s` until the transaction ends, where there are several writers.
- `{keep p}` does so for all but those who only look that the row is there: `p` is not marked deleted meanwhile.
- `{lease_now}` is the clock of leases: the server's own on PostgreSQL, the boot clock on SQLite.
- `{expires}` tests whether the row of `jobs` goes by itself once it has ended, `{keep_s}` is after how many seconds.

A line that ends in `--? name` is kept only where the parameter `name` is given, `--? no name` only where it is not.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from importlib import resources
from typing import NamedTuple

SQLITE, POSTGRES = "sqlite", "postgres"

JOB_COLUMNS = (
    "number id type name state category session context_id one_per_context parent root restarted_from rollback_of "
    "owner queue priority input labels outside retries timeout_s previous state_since attempt worker lease_until "
    "active_since active_s delivered_at serial seq version retries_used losses warnings progress result error due_at "
    "unconfirmed_until created_at started_at ended_at deleted_at config_version launched limit_key waiting spawn_key "
    "weight undos pinned expires_at"
).split()


class Statement(NamedTuple):
    """A statement ready for a driver. columns: those of its given rows; returns: whether it gives rows back."""

    text: str
    columns: tuple[str, ...]
    returns: bool


@cache
def statement(name: str, dialect: str, given: frozenset[str] = frozenset()) -> Statement:
    """The statement of that name for that dialect. given: the optional parameters that are present."""
    text = _choose_lines(_source(name, dialect), given)
    text = text.replace("{job_columns}", ", ".join(f"jobs.{column}" for column in JOB_COLUMNS))
    for mark, forms in _BY_CHARACTERS.items():
        text = mark.sub(forms[dialect], text)
    text, columns = _fill_rows(text, dialect)
    text = _fill_lists(text, dialect)
    text = text.replace("{lease_now}", _LEASE_NOW[dialect]).replace("{like}", _LIKE[dialect])
    text = text.replace("{error_message}", _ERROR[dialect].format("message"))
    text = text.replace("{error_code}", _ERROR[dialect].format("code"))
    text = text.replace("{expires}", _EXPIRES).replace("{keep_s}", _KEEP_S)
    text = _BY.sub(r"INDEXED BY \1" if dialect == SQLITE else "", text)
    text = _KEEP.sub(r"FOR SHARE OF \1" if dialect == POSTGRES else "", text)
    text = _HOLD.sub(r"FOR KEY SHARE OF \1" if dialect == POSTGRES else "", text)
    if dialect == POSTGRES:
        text = _PARAMETER.sub(r"%(\1)s", text.replace("%", "%%"))
    returns = not text.lstrip().startswith(("INSERT", "UPDATE", "DELETE")) or "RETURNING" in text
    return Statement(text, columns, returns)


@cache
def insertion(name: str, rows: int) -> str | None:
    """For SQLite, the statement that inserts so many rows at once, its values without names, row by row.

    None where it does more than insert the given rows: what one row brings about could not be seen by the next.
    """
    source = _choose_lines(_source(name, SQLITE), frozenset())
    found = _ROWS.search(source)
    if found is None or not source.startswith("INSERT") or source.count("SELECT") > 1 or "RETURNING" in source:
        return None
    if re.search(r"[{:]", source[: found.start()] + source[found.end() :]):
        return None  # it has a value beside the rows
    names = [column.split()[0] for column in found[1].split(",")]
    columns = ", ".join(f"column{place} AS {column}" for place, column in enumerate(names, 1))
    values = ", ".join([f"({', '.join('?' * len(names))})"] * rows)
    relation = f"(SELECT {columns} FROM (VALUES {values})) AS r"  # noqa: S608  # our own names
    return source[: found.start()] + relation + source[found.end() :]


def _source(name: str, dialect: str) -> str:
    folder = resources.files(__package__).joinpath("queries")
    own = folder.joinpath(f"{name}.{dialect}.sql")
    return (own if own.is_file() else folder.joinpath(f"{name}.sql")).read_text()


def _choose_lines(text: str, given: frozenset[str]) -> str:
    kept = []
    for line in text.splitlines():
        code, mark, condition = line.partition("--? ")
        if not mark:
            kept.append(line.split("--")[0].rstrip())
        elif (condition.strip().removeprefix("no ") in given) != condition.strip().startswith("no "):
            kept.append(code.rstrip())
    return "\n".join(line for line in kept if line.strip())


def _fill_rows(text: str, dialect: str) -> tuple[str, tuple[str, ...]]:
    found = _ROWS.search(text)
    if not found:
        return text, ()
    typed = [column.strip().split(" ", 1) for column in found[1].split(",")]
    names = tuple(name for name, _ in typed)
    if dialect == POSTGRES:
        relation = _rows_of_json(typed)
    else:
        relation = f"(SELECT {', '.join(f':{name} AS {name}' for name in names)}) AS r"
    return text[: found.start()] + relation + text[found.end() :], names


def _rows_of_json(typed: Sequence[Sequence[str]]) -> str:
    """The rows of the parameter `rows`. JSON in them comes as text, so that a null in it is not taken for none.

    The planner can not see how many there are, so that a plan is as good for other rows and is kept: to plan again
    costs more than to run it. What is asked of `nth_given` is always true and makes it expect one row: where it
    expects many, it walks a whole table that was small when it planned.
    """
    chosen = ", ".join(f"x.{name}::json" if kind == "json" else f"x.{name}" for name, kind in typed)
    declared = ", ".join(f"{name} {'text' if kind == 'json' else kind}" for name, kind in typed)
    names = ", ".join(name for name, _ in typed)
    source = f"ROWS FROM (json_to_recordset(:rows::json) AS ({declared})) WITH ORDINALITY AS x({names}, nth_given)"
    return f"(SELECT {chosen} FROM {source} WHERE x.nth_given BETWEEN 1 AND 2147483647) AS r({names})"  # noqa: S608  # ours


def _fill_lists(text: str, dialect: str) -> str:
    if dialect == POSTGRES:
        text = _GIVEN.sub(r"unnest(:\2::text[]) AS \1(value)", text)
        return _LIST.sub(r"\1 = ANY(:\2)", text)
    text = _GIVEN.sub(r"json_each(:\2) AS \1", text)
    return _LIST.sub(r"\1 IN (SELECT value FROM json_each(:\2))", text)


_ROWS = re.compile(r"\{rows\(([^)]*)\)\}")
_LIST = re.compile(r"\{in ([\w.]+) :(\w+)\}")
_GIVEN = re.compile(r"\{given (\w+) :(\w+)\}")
_BY = re.compile(r"\{by (\w+)\}")
_BY_CHARACTERS = {
    re.compile(r"\{begins ([\w.]+) :(\w+)\}"): {
        SQLITE: r"\1 >= :\2 AND \1 < (:\2 || char(1114111))",
        POSTGRES: r"\1 ~>=~ :\2 AND \1 ~<~ (:\2 || chr(1114111))",
    },
    re.compile(r"\{after ([\w.]+) ([\w.]+)\}"): {SQLITE: r"\1 > \2", POSTGRES: r"\1 ~>~ \2"},
    re.compile(r"\{sorted ([\w.]+)\}"): {SQLITE: r"\1", POSTGRES: r"\1 USING ~<~"},
}
_KEEP = re.compile(r"\{keep (\w+)\}")
_HOLD = re.compile(r"\{hold (\w+)\}")
_PARAMETER = re.compile(r"(?<![\w:]):(\w+)")
# What is below another job goes with it, for as long as that is there.
_EXPIRES = (
    "jobs.rollback_of IS NULL AND NOT jobs.pinned AND (jobs.parent IS NULL OR NOT EXISTS"
    " (SELECT 1 FROM jobs AS above WHERE above.tenant = jobs.tenant AND above.id = jobs.parent"
    " AND above.deleted_at IS NULL))"
)
_KEEP_S = (
    "(SELECT COALESCE(o.keep_s, t.keep_s) FROM sessions AS o"
    " LEFT JOIN types AS t ON t.tenant = jobs.tenant AND t.type = jobs.type"
    " WHERE o.tenant = jobs.tenant AND o.id = jobs.session)"
)
# SQLite's LIKE takes no notice of case already.
_LIKE = {POSTGRES: "ILIKE", SQLITE: "LIKE"}
# PostgreSQL stores no JSON that is none; SQLite does, and would fail the whole statement for it.
_ERROR = {
    POSTGRES: "jobs.error ->> '{}'",
    SQLITE: "CASE WHEN json_valid(jobs.error) THEN jobs.error ->> '{}' END",
}
_LEASE_NOW = {
    # clock_timestamp, not now: now() stands still inside a transaction. lease_now: the time of a test, else null.
    POSTGRES: "COALESCE(:lease_now::double precision, extract(epoch FROM clock_timestamp())::double precision)",
    SQLITE: ":lease_now",
}
