"""The protocol, proved by Spin on the models of `protocol/` (T21, G2, G3, G7, G8, G9, G14, G15).

Every mutant takes one wording of the protocol away; the rule that it breaks is then found broken.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from protocol.table import FILE, render
from tests.support import spin

# (mutant, the rule of job.pml that it breaks)
JOB_MUTANTS = [
    ("NO_FENCE", "fenced"),
    ("NO_FENCE", "one_writer"),
    ("NO_STATE_TEST", "fenced"),
    ("NO_STATE_TEST", "nobody_writes"),
    ("CHECK_BEFORE_WRITE", "fenced"),
    ("NO_SERIAL", "once"),
    ("NO_SERIAL", "not_told_lost"),
    ("SERIAL_OF_LAST_ATTEMPT", "not_told_lost"),
    ("NO_CLAIM_TOKEN", "claim_known"),
    ("NO_HALT_ROW", "has_row"),
    ("LEAVE_REFUSED", "has_row"),
    ("ROLLBACK_RETRIED", "has_row"),
    ("USER_AS_RUNNER", "one_runner"),
    ("RESUME_STARTS_SECOND", "one_runner"),
    ("RESUME_STARTS_SECOND", "paused_is_paused"),
    ("WORKER_GIVES_BACK", "slot_returned"),
    ("FINISH_AFTER_CANCEL", "cancel_holds"),
    ("SWEEP_READS_BEFORE", "renewed_stays"),
    ("ROLLBACK_TWICE", "one_rollback"),
    ("ROLLBACK_CANCELLED_ALONE", "comes_to_rest"),
    ("NO_CANCEL_EXPIRE", "comes_to_rest"),
    ("BEATS_WITHOUT_THREAD", "comes_to_rest"),
]
SMALL_MUTANTS = [
    ("gather", "SLOT_KEPT"),
    ("gather", "WAKE_WITHOUT_ASKING"),
    ("gather", "GIVEN_BACK_TWICE"),
    ("tree", "LEAF_FIRST"),
    ("tree", "LIST_FIRST"),
    ("tree", "SPAWN_UNFENCED"),
    ("tree", "CHILD_WRITES_PARENT"),
    ("context", "KEY_OVER_ACTIVE"),
    ("context", "KEY_AT_SUBMIT_ONLY"),
    ("context", "ROLLBACK_CARRIES_KEY"),
    ("undo", "NO_FENCE"),
    ("undo", "RECORDED_FIRST"),
    ("undo", "STEP_ALONE"),
    ("undo", "JOB_RETRIED"),
]
IN_TIME_MUTANTS = [("gather", "CLAIMS_FIRST")]


def test_the_models_read_the_table_of_the_code() -> None:
    """moves.pml holds the rows of headway.model.moves; `python -m protocol.table` writes it anew."""
    assert FILE.read_text(encoding="utf-8") == render()


def test_every_rule_and_every_mutant_is_tried() -> None:
    """Each mutant and each rule that the models name is in the lists of this module."""
    text = "".join(path.read_text(encoding="utf-8") for path in spin.PROTOCOL.glob("*.pml"))
    tried = {name for name, _ in JOB_MUTANTS} | {name for _, name in SMALL_MUTANTS + IN_TIME_MUTANTS}
    assert set(re.findall(r"MUTANT_([A-Z_]+)", text)) == tried
    assert set(re.findall(r"HOLDS\(([a-z_]+),", text)) - {"rule"} == {rule for _, rule in JOB_MUTANTS}


@pytest.mark.parametrize("model", ["job", "gather", "tree", "context", "undo"])
def test_the_protocol_keeps_its_rules(model: str, tmp_path: Path) -> None:
    """In no state that the model can reach a rule is broken, and every line of it is reached."""
    verdict = spin.check(model, tmp_path)
    assert (verdict.errors, verdict.unreached) == (0, []), verdict.output
    assert verdict.states > 0


def test_waiting_parents_get_on_with_a_single_slot(tmp_path: Path) -> None:
    """With a limit of one, parents that wait for their children still end."""
    verdict = spin.check("gather", tmp_path, "LIMIT=1")
    assert verdict.errors == 0, verdict.output


@pytest.mark.parametrize("model", ["job", "gather"])
def test_the_protocol_gets_on(model: str, tmp_path: Path) -> None:
    """Every run in which nobody acts any more comes to rest; who may wake wakes, whatever else comes."""
    verdict = spin.check_in_time(model, tmp_path)
    assert verdict.errors == 0, verdict.output


@pytest.mark.parametrize(("mutant", "rule"), JOB_MUTANTS)
def test_a_job_without_one_wording_breaks_a_rule(mutant: str, rule: str, tmp_path: Path) -> None:
    """Without this wording of the protocol this rule, looked at alone, is broken."""
    verdict = spin.shortest("job", tmp_path, f"MUTANT_{mutant}", f"ONLY={rule}")
    assert verdict.errors == 1, verdict.output


@pytest.mark.parametrize(("model", "mutant"), SMALL_MUTANTS)
def test_a_small_model_without_one_wording_breaks(model: str, mutant: str, tmp_path: Path) -> None:
    """Without this wording the model breaks a rule or hangs."""
    verdict = spin.shortest(model, tmp_path, f"MUTANT_{mutant}")
    assert verdict.errors == 1, verdict.output


@pytest.mark.parametrize(("model", "mutant"), IN_TIME_MUTANTS)
def test_without_precedence_somebody_waits_for_ever(model: str, mutant: str, tmp_path: Path) -> None:
    """Without this wording there is a run in which one waits without end."""
    verdict = spin.check_in_time(model, tmp_path, f"MUTANT_{mutant}")
    assert verdict.errors == 1, verdict.output
