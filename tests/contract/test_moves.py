"""The life of a job: every row of the table can be made, and nothing else, also where SQL goes round the verbs."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import product

import pytest

from headway import Headway, IllegalMove, Job
from headway.model.moves import DONE_TO, ENDED, HARMLESS, MOVES, STATES, Move
from headway.store.records import JobRow
from headway.testing import Clock
from tests.contract.traces import REFUSALS, Trace
from tests.support.postgres import Databases

VERBS = ("pause", "resume", "cancel", "retry")
FROM_A_STATE = [row for row in MOVES if row.source is not None]
PAIRS = {(row.source, row.target) for row in MOVES}
BEGINNINGS = {row.target for row in MOVES if row.source is None}
BY_USER = {(row.move, row.source) for row in MOVES if row.by == "user"}
REFUSED = [pair for pair in product(VERBS, STATES) if pair not in BY_USER and pair not in HARMLESS]


@pytest.fixture(scope="module", params=["sqlite", "postgres"])
def table(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Trace]:
    """One database for all tests of this file: each looks at a job of its own."""
    if request.param == "sqlite":
        with Headway(tmp_path_factory.mktemp("moves") / "jobs.db", clock=(clock := Clock())) as hw:
            yield Trace(hw, clock)
        return
    server: Databases = request.getfixturevalue("postgres")
    with server.database() as url, Headway(url, clock=(clock := Clock())) as hw:
        yield Trace(hw, clock)


def _verb(hw: Headway, verb: str) -> Callable[[str], Job]:
    found: Callable[[str], Job] = getattr(hw, verb)
    return found


def _without_history(row: JobRow) -> JobRow:
    return row._replace(seq=0, version=0)


@pytest.mark.parametrize("row", FROM_A_STATE, ids=lambda row: f"{row.source}-{row.move}-{row.by}")
def test_every_row_can_be_made_by_its_actor(table: Trace, row: Move) -> None:
    """Each row of the table leads from its state to its target, and its event says so."""
    job = table.reach(str(row.source))
    table.follow(job, row)
    assert table.state(job) == row.target
    event = list(table.hw.events(job))[-1]
    assert (event.name, event.data["from"], event.data["to"], event.data["by"]) == (
        row.move, row.source, row.target, row.by,
    )  # fmt: skip


@pytest.mark.parametrize(("verb", "state"), REFUSED)
def test_a_verb_that_the_state_does_not_permit_is_refused(table: Trace, verb: str, state: str) -> None:
    """IllegalMove names the state and what is possible; the row stays, and the history keeps the refusal."""
    job = table.reach(state)
    before = table.row(job)
    with pytest.raises(IllegalMove, match=f"is {state.replace('_', ' ')} and can not be {DONE_TO[verb]}") as refused:
        _verb(table.hw, verb)(job)
    assert refused.value.state == state
    assert refused.value.possible == table.hw.get(job).moves
    assert set(refused.value.possible) == {move for move, source in BY_USER if source == state} - {"rollback"}
    assert all(move in str(refused.value) for move in refused.value.possible)
    assert _without_history(table.row(job)) == _without_history(before)
    assert table.told(job)[-1] == "refused"


@pytest.mark.parametrize(("verb", "state"), sorted(HARMLESS))
def test_a_harmless_repeat_changes_nothing(table: Trace, verb: str, state: str) -> None:
    """Asking again for what is asked already is no error and leaves no trace."""
    job = table.reach(state)
    before = table.row(job)
    assert _verb(table.hw, verb)(job).state == state
    assert table.row(job) == before


@pytest.mark.parametrize("source", STATES)
def test_the_database_refuses_every_pair_outside_the_table(table: Trace, source: str) -> None:
    """An UPDATE that goes round the verbs is refused for each pair of states that no row holds."""
    job = table.reach(source)
    before = table.row(job)
    for target in STATES:
        if (source, target) not in PAIRS and source != target:
            with pytest.raises(REFUSALS, match=f"illegal move: from {source} to {target}"):
                _force(table, job, target)
    assert table.row(job) == before


@pytest.mark.parametrize("source", STATES)
def test_the_database_takes_every_pair_of_the_table(table: Trace, source: str) -> None:
    """The database looks at pairs alone: each pair that some row holds can be stored."""
    for target in [target for state, target in sorted(PAIRS, key=str) if state == source]:
        job = table.reach(source)
        _force(table, job, target)
        assert table.state(job) == target


@pytest.mark.parametrize("state", STATES)
def test_a_job_begins_only_as_the_table_says(table: Trace, state: str) -> None:
    """A new row may be pending, or ended where history is brought in (A14); every other beginning is refused."""
    if state in BEGINNINGS:
        assert table.state(_insert(table, state)) == state
    else:
        with pytest.raises(REFUSALS, match=f"can not begin as {state}"):
            _insert(table, state)


IMPOSSIBLE = {
    "ended without an end": ("completed", "UPDATE jobs SET ended_at = NULL WHERE id = ?"),
    "an end while open": ("running", "UPDATE jobs SET ended_at = 1 WHERE id = ?"),
    "a lease at rest": ("paused", "UPDATE jobs SET lease_until = 1 WHERE id = ?"),
    "the attempt falls": ("running", "UPDATE jobs SET attempt = 0 WHERE id = ?"),
    "the number of events falls": ("running", "UPDATE jobs SET seq = 1 WHERE id = ?"),
    "another id": ("running", "UPDATE jobs SET id = '00000000-0000-7000-8000-000000000000' WHERE id = ?"),
}


@pytest.mark.parametrize("what", IMPOSSIBLE)
def test_the_database_refuses_impossible_rows(table: Trace, what: str) -> None:
    """What can not be true of a job can not be stored, whoever writes it."""
    state, change = IMPOSSIBLE[what]
    job = table.reach(state)
    with pytest.raises(REFUSALS, match="impossible row"):
        table.sql(change, job)


def test_a_state_that_does_not_exist_is_refused(table: Trace) -> None:
    """The column holds states of the table alone."""
    with pytest.raises(REFUSALS):
        table.sql("UPDATE jobs SET state = 'quarantined' WHERE id = ?", table.reach("running"))


def test_the_table_in_the_database_is_the_table_in_the_code(table: Trace) -> None:
    """The rows that the trigger looks up are those of MOVES, no more and no fewer."""
    stored = {tuple(row) for row in table.sql("SELECT actor, move, source, target FROM moves")}
    assert stored == {(row.by, row.move, row.source or "", row.target) for row in MOVES}
    ended = {row[0] for row in table.sql("SELECT state FROM states WHERE ended <> (1 = 0)")}
    assert ended == set(ENDED)


def _force(table: Trace, job: str, state: str) -> None:
    """An UPDATE that is wrong in nothing but, perhaps, the pair of states."""
    ended = 1.0 if state in ENDED else None
    table.sql("UPDATE jobs SET state = ?, ended_at = ?, lease_until = NULL WHERE id = ?", state, ended, job)


def _insert(table: Trace, state: str) -> str:
    """A new row in that state, otherwise like a job that was submitted."""
    model = table.submit()
    identity = f"{model[:-6]}{STATES.index(state):06}"
    table.sql(
        "INSERT INTO jobs (id, state, ended_at, tenant, type, name, category, session, root, queue, priority, input, "
        "state_since, created_at) SELECT ?, ?, CASE WHEN s.ended <> (1 = 0) THEN 1.0 END, tenant, type, name, "
        "category, session, root, queue, priority, input, state_since, created_at "
        "FROM jobs JOIN states AS s ON s.state = ? WHERE id = ?", identity, state, state, model,
    )  # fmt: skip
    return identity
