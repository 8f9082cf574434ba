"""Secrets: given by mark, kept sealed or by reference, handed to the function, shown as ***."""

from __future__ import annotations

import base64
import copy
import json
import logging
import pickle
import subprocess
import threading
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote_plus

import pytest

import headway
from headway import Headway, InvalidInput, Secret
from headway.testing import Clock

CANARY = "c4n4ry-of-a-test"


@pytest.fixture(autouse=True)
def _own_keys(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each test makes its own key."""
    for name in ("HEADWAY_KEY", "HEADWAY_KEY_FILE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path_factory.mktemp("config")))


@dataclass
class Place:
    host: str
    password: Secret


@headway.job("secrets.login")
def login(ctx: headway.Context, user: str, password: Secret) -> bool:
    assert isinstance(ctx.input["password"], Secret)
    return password.reveal() == CANARY


@headway.job("secrets.places")
def places(ctx: headway.Context, ends: list[Place], more: dict[str, Secret] | None = None) -> list[int]:
    return [len(end.password.reveal()) for end in ends] + [len(one.reveal()) for one in (more or {}).values()]


def stored(hw: Headway, job: headway.Job) -> str:
    """The input as it is in the row."""
    rows = hw._database.read("job_by_id", tenant=0, id=job.id)
    return str(rows[0])


@pytest.mark.parametrize("given", [Secret(CANARY), {"$secret": CANARY}], ids=["object", "JSON"])
def test_a_marked_value_reaches_the_function_alone(hw: Headway, given: object) -> None:
    """G20: sealed in the row, a Secret in the function, *** in whatever a verb hands out."""
    job = hw.submit("secrets.login", {"user": "anna", "password": given})
    assert CANARY not in stored(hw, job)
    assert job.input == {"user": "anna", "password": {"$secret": "***"}} == hw.get(job).to_dict()["input"]
    hw.work_until_idle()
    assert hw.result(job) is True


def test_secrets_are_found_wherever_they_are(hw: Headway) -> None:
    """Inside lists, objects and dataclasses."""
    job = hw.submit(places, {"ends": [Place("a", Secret(CANARY))], "more": {"x": {"$secret": "xyz"}}})
    hw.work_until_idle()
    assert (hw.result(job), CANARY in stored(hw, job)) == ([len(CANARY), 3], False)


def test_a_reference_is_read_where_the_job_runs(hw: Headway, monkeypatch: pytest.MonkeyPatch) -> None:
    """The name of the variable is stored and shown; its value is the worker's."""
    job = hw.submit("secrets.login", {"user": "anna", "password": {"$secret": {"env": "A_TEST_PW"}}})
    assert job.input["password"] == {"$secret": {"env": "A_TEST_PW"}}
    monkeypatch.setenv("A_TEST_PW", CANARY)
    hw.work_until_idle()
    assert hw.result(job) is True


def test_a_variable_that_is_not_set_fails_the_job_by_name(hw: Headway) -> None:
    """What is missing is said by name, and where to set it."""
    job = hw.submit(login, {"user": "anna", "password": Secret.env("A_TEST_PW_NOT_SET")})
    hw.work_until_idle()
    error = hw.get(job).error
    assert error is not None
    assert (error.code, "A_TEST_PW_NOT_SET" in error.message) == ("secret_unavailable", True)


@pytest.mark.parametrize("plain", [CANARY, 5, None, {"$secret": CANARY, "more": 1}, {"$secret": "***"}])
def test_a_plain_value_for_a_secret_is_refused_at_submit(hw: Headway, plain: object) -> None:
    """Where the type is known, nothing is stored in clear; and the refusal does not repeat what was given."""
    with pytest.raises(InvalidInput) as refused:
        hw.submit("secrets.login", {"user": "anna", "password": plain})
    assert CANARY not in str(refused.value)
    assert hw.jobs() == []


def test_a_plain_value_inside_a_class_is_refused_too(hw: Headway) -> None:
    """The type of a field counts as that of a parameter does."""
    with pytest.raises(InvalidInput, match="Mark it") as refused:
        hw.submit("secrets.places", {"ends": [{"host": "a", "password": CANARY}]})
    assert CANARY not in str(refused.value)


def test_a_sealed_form_can_not_be_given(hw: Headway) -> None:
    """An envelope of somebody else's job does not open for whoever copied it."""
    job = hw.submit("secrets.login", {"user": "anna", "password": Secret(CANARY)})
    sealed = json.loads(hw._database.read("job_by_id", tenant=0, id=job.id)[0][16])
    with pytest.raises(InvalidInput, match="no form of a secret"):
        hw.submit("unknown.type", sealed)


def test_a_restart_seals_anew(hw: Headway) -> None:
    """An envelope is bound to its job: the new job has one of its own, which opens."""
    old = hw.submit("secrets.login", {"user": "anna", "password": Secret(CANARY)})
    new = hw.restart(old)
    hw.work_until_idle()
    assert (hw.result(new), CANARY in stored(hw, new)) == (True, False)


def test_a_restart_with_another_input_keeps_a_secret_that_is_given_as_it_is_shown(hw: Headway) -> None:
    """Whoever changes one value of an input need not know its secrets; one that the old job has not is refused."""
    old = hw.submit("secrets.login", {"user": "nobody", "password": Secret(CANARY)})
    new = hw.restart(old, input={**old.input, "user": "anna"})
    hw.work_until_idle()
    assert (hw.get(new).input["user"], hw.result(new), CANARY in stored(hw, new)) == ("anna", True, False)
    with pytest.raises(InvalidInput, match="Give its value anew"):
        hw.restart(old, input={"token": {"$secret": "***"}, "user": "anna"})


def test_an_idempotency_key_knows_the_same_secret(hw: Headway) -> None:
    """The same request is the same job, although each sealing is another text; another secret is another request."""
    first = hw.submit("x", {"password": Secret(CANARY)}, idempotency_key="once")
    assert hw.submit("x", {"password": {"$secret": CANARY}}, idempotency_key="once").id == first.id
    with pytest.raises(headway.Conflict):
        hw.submit("x", {"password": Secret("another")}, idempotency_key="once")


def test_a_key_that_is_missing_is_named(
    hw: Headway, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The job fails with the id of the key and the places where keys are looked for; with the key it goes on."""
    job = hw.submit("secrets.login", {"user": "anna", "password": Secret(CANARY)})
    with monkeypatch.context() as elsewhere:
        elsewhere.setenv("XDG_CONFIG_HOME", str(tmp_path_factory.mktemp("elsewhere")))
        hw.work_until_idle()
    error = hw.get(job).error
    assert error is not None
    assert error.code == "secret_unavailable"
    assert "HEADWAY_KEY_FILE" in error.message
    hw.retry(job)
    hw.work_until_idle()
    assert hw.result(job) is True


@pytest.mark.parametrize("name", ["a key", "no folder/a key"])
def test_a_key_file_that_is_missing_can_be_made_as_it_says(
    hw: Headway, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    """Where the file of $HEADWAY_KEY_FILE is not there, the refusal has the line of a shell that makes one."""
    monkeypatch.setenv("HEADWAY_KEY_FILE", str(tmp_path / name))
    with pytest.raises(headway.SecretUnavailable) as refused:
        hw.submit("secrets.login", {"user": "anna", "password": Secret(CANARY)})
    line = str(refused.value).partition("make a new key there: ")[2]
    subprocess.run(["/bin/sh", "-c", line], check=True, timeout=60)
    assert hw.submit("secrets.login", {"user": "anna", "password": Secret(CANARY)}).state == "pending"


def test_many_jobs_with_secrets(hw: Headway) -> None:
    """submit_many seals each job's input for that job."""
    ids = hw.submit_many("secrets.login", ({"user": str(n), "password": Secret(CANARY)} for n in range(5)))
    hw.work_until_idle()
    assert [hw.result(one) for one in ids] == [True] * 5


def test_a_block_has_its_secrets(hw: Headway) -> None:
    """The input of a block is sealed like any other, and ctx.input opens it."""
    with hw.tracked("x", input={"password": Secret(CANARY)}, show=False) as ctx:
        assert ctx.input["password"].reveal() == CANARY
        assert CANARY not in stored(hw, ctx.job)


def test_a_secret_is_not_stored_elsewhere(hw: Headway) -> None:
    """A step's result or a checkpoint is no place for a Secret: it is refused, and a log line shows ***."""
    with hw.tracked("x", show=False) as ctx:
        ctx.log("logged in", password=Secret(CANARY))
        with pytest.raises(headway.Unstorable):
            ctx.checkpoint(password=Secret(CANARY))
        job = ctx.job
    assert hw.logs(job)[0].data["password"] == "***"


def test_a_secret_keeps_to_itself() -> None:
    """It prints as ***, is neither hashed nor pickled, and a copy is itself."""
    one = Secret(CANARY)
    assert {repr(one), str(one), f"{one}", f"{one:>3}", "%s" % one} == {"***"}  # noqa: UP031
    assert (copy.deepcopy(one) is one, one == Secret(CANARY), one == Secret("other"), one == CANARY) == (
        True,
        True,
        False,
        False,
    )
    with pytest.raises(TypeError):
        hash(one)
    with pytest.raises(TypeError):
        pickle.dumps(one)


@pytest.mark.parametrize("value", [b"bytes", 5, None, "\ud800"])
def test_a_secret_is_a_text(value: object) -> None:
    """Anything else is refused with a sentence that does not repeat it."""
    with pytest.raises(InvalidInput):
        Secret(value)  # type: ignore[arg-type]


def test_the_clock_of_tests_knows_secrets_too(clock: Clock) -> None:
    """headway.testing.context takes marked values as submit does."""
    from headway.testing import context

    ctx = context({"password": Secret(CANARY)}, clock=clock)
    assert login(ctx, "anna", ctx.input["password"]) is True


@headway.job("secrets.teller")
def tell(ctx: headway.Context, password: Secret) -> dict[str, object]:
    """Tells what it was given wherever a job can tell something."""
    text, name, coded = (
        password.reveal(),
        password.reveal().splitlines()[0],
        base64.b64encode(f"anna:{password.reveal()}".encode()).decode(),
    )
    ctx.plan(f"fetch {name}", "rest")
    ctx.log(f"password is {text}", header=f"Basic {coded}", quoted=quote_plus(text), nested=json.dumps({"p": text}))
    ctx.log("x" * (64 * 1024 - 5) + text)  # torn in two by the cut
    ctx.warn(text, attempt=[{text: text}])
    logging.getLogger("a.library").warning("could not log in with %r", text)
    ctx.progress(done=1, total=2, message=f"with {text}", data={text: text})
    kept = ctx.step(f"fetch {name}", lambda: {"url": f"https://anna:{text}@host/"})
    with ctx.phase(f"phase {name}"):
        ctx.checkpoint(next=f"https://host/?token={quote_plus(text)}", of={text: 1})
    for _ in ctx.track([text, "b"], f"loop {text}", key=str):
        pass
    for _ in ctx.track([1, 2], f"other {text}"):
        pass
    ctx.artifact(f"report {name}", b"")
    with ctx.transaction():
        ctx.checkpoint(inside=text)
        ctx.log(text)
    ctx.run(["printf", "%s\n", f"line with {text}"])
    if ctx.attempt == 1:
        raise ConnectionError(f"login failed: anna / {text!r}")
    return {"kept": kept, "state": dict(ctx.state), "text": text}


def everything(hw: Headway) -> str:
    """All rows of all tables, as text."""
    with hw._database.transaction() as transaction:
        return str([run_all(transaction.connection, table) for table in tables(transaction.connection)])


def run_all(connection: Any, table: str) -> list[Any]:
    return list(connection.execute(f'SELECT * FROM "{table}"'))  # noqa: S608


def tables(connection: Any) -> list[str]:
    if type(connection).__module__.startswith("apsw"):
        rows = connection.execute("SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'")
    else:
        rows = connection.execute(
            "SELECT table_name FROM information_schema.tables WHERE table_schema = current_schema()"
        )
    return [str(name) for (name,) in rows]


VALUES = {
    "plain": CANARY,
    "signs": 'p"a\\s%s & /wo+rd\u00e9\n',
    "digits": "48151623",
    "lines": "first line here\nsecond line here\n",
}


@pytest.mark.parametrize("value", VALUES.values(), ids=VALUES)
def test_what_an_attempt_tells_of_its_secrets_is_masked(hw: Headway, value: str) -> None:
    """SEC21, G20: texts, names, results, errors and traces, however coded, and also where they are cut."""
    job = hw.submit(tell, {"password": Secret(value)})
    hw.work_until_idle()
    assert hw.get(job).state == "failed"
    hw.retry(job)
    hw.work_until_idle()
    result, rows = hw.result(job), everything(hw)
    assert result["kept"] == {"url": "https://anna:***@host/"}
    assert result["text"] == "***"
    for form in {value.strip(), value.splitlines()[0][:9], quote_plus(value), json.dumps(value)[1:-1][:12]}:
        assert form not in rows, form
    assert base64.b64encode(b"anna:" + value.encode()).decode()[8:16] not in rows


def test_an_alias_that_holds_a_secret_is_refused(hw: Headway) -> None:
    """Ids are shown to everybody, and a masked one would lead nowhere."""
    with hw.tracked("x", input={"password": Secret(CANARY)}, show=False) as ctx:
        with pytest.raises(InvalidInput, match="secret"):
            ctx.alias({"gui": f"x-{CANARY}"})
        ctx.alias("x-17")


def test_masked_names_are_found_again(hw: Headway) -> None:
    """A step, a loop or a key whose name holds a secret is the same in the next attempt."""
    job = hw.submit(tell, {"password": Secret(CANARY)})
    hw.work_until_idle()
    hw.retry(job)
    hw.work_until_idle()
    assert [step.name for step in hw.steps(job) if step.name.startswith("fetch")] == ["fetch ***"]


def test_jobs_without_secrets_have_no_masks(hw: Headway) -> None:
    """The second net costs nothing where there is nothing to catch."""
    with hw.tracked("x", input={"a": 1}, show=False) as ctx:
        assert ctx.outbox.masks is None


def test_the_secrets_of_the_session_are_masked_too(hw: Headway) -> None:
    """ctx.config gives Secret objects; what they hold is not told either."""
    hw.create_session("work", {"password": CANARY})
    with hw.tracked("x", session="work", show=False) as ctx:
        ctx.log(ctx.config["password"].reveal())
        job = ctx.job
    assert hw.logs(job)[0].data["text"] == "***"


def test_short_and_common_words_break_nothing(hw: Headway) -> None:
    """A secret that is a word of Headway's own, or a number, leaves the history readable."""
    for word in ("running", "text", "message", "1234", "percent"):
        with hw.tracked("x", input={"password": Secret(word)}, show=False) as ctx:
            ctx.progress(done=1234, total=12345, message="running")
            ctx.checkpoint(n=1234)
            ctx.log("hello", n=1)
            job = ctx.job
        assert (hw.get(job).marks, hw.get(job).state) == ({}, "completed")
        assert hw.logs(job)[0].data["text"] == "hello"


@headway.job("secrets.awaited")
async def awaited(ctx: headway.AsyncContext, password: Secret) -> str:
    ctx.log(password.reveal())
    return await ctx.step("a", lambda: f"it is {password.reveal()}")


def test_asynchronous_jobs_have_the_same(hw: Headway) -> None:
    """The function gets a Secret, and what it tells is masked."""
    job = hw.submit(awaited, {"password": Secret(CANARY)})
    hw.work_until_idle()
    assert (hw.result(job), hw.logs(job)[0].data["text"]) == ("it is ***", "***")


@headway.job("secrets.parent")
def parent(ctx: headway.Context, password: Secret, clear: bool) -> str:
    given = password.reveal() if clear else password
    ctx.undo("secrets.login", {"user": "anna", "password": password})
    return str(ctx.gather(ctx.spawn("secrets.login", {"user": "anna", "password": given}))[0])


def test_a_child_is_handed_the_secret_itself(hw: Headway) -> None:
    """Sealed anew for the child; a revealed text is refused, and the error does not repeat it."""
    good = hw.submit(parent, {"password": Secret(CANARY), "clear": False})
    bad = hw.submit(parent, {"password": Secret(CANARY), "clear": True})
    hw.work_until_idle()
    assert (hw.result(good), hw.get(bad).state) == ("True", "failed")
    assert CANARY not in everything(hw)


def test_an_undo_is_handed_the_secret_itself(hw: Headway) -> None:
    """Recorded sealed, shown masked, and opened when it is run."""
    job = hw.submit(parent, {"password": Secret(CANARY), "clear": False})
    hw.work_until_idle()
    assert hw.rollback(job, dry_run=True)[0].input["password"] == {"$secret": "***"}
    rollback = hw.rollback(job)
    hw.work_until_idle()
    assert hw.get(rollback).state == "completed"
    assert [step.result for step in hw.steps(rollback)] == [True]


def test_a_pause_in_place_forgets_no_secret(live: Headway) -> None:
    """A block that was paused goes on as another attempt, whose words are masked like those of the first."""
    with live.tracked("x", input={"password": Secret(CANARY)}, show=False) as ctx:
        live.pause(ctx.job_id)
        resumed = threading.Thread(target=lambda: (live.wait(ctx.job_id, "paused"), live.resume(ctx.job_id)))
        resumed.start()
        ctx.check()
        ctx.log(CANARY)
        job, attempt = ctx.job_id, ctx.attempt
    resumed.join()
    assert (attempt, live.logs(job)[0].data["text"]) == (2, "***")
