"""Jobs that wait for a person: why they stopped, what going on would repeat, and how safe that is."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Literal

from headway.model.failure import cause_of
from headway.model.job import Job, Record
from headway.model.words import duration, exact

Cause = Literal["crash", "restart", "lost worker", "left", "paused", "failed", "rollback failed"]
Resumable = Literal["yes", "with care", "no"]
CAUSES: tuple[Cause, ...] = ("crash", "restart", "lost worker", "left", "paused", "failed", "rollback failed")
STATE_OF: dict[str, str] = {
    **dict.fromkeys(CAUSES, "interrupted"), "paused": "paused", "failed": "failed",
    "rollback failed": "rollback_failed",
}  # fmt: skip
"""In which state a job is that stopped for a cause."""
ASIDE = 60.0
"""Jobs that stopped within so many seconds of each other, for one cause, stopped together."""
NAMED = 5
"""Steps that are named where something can be taken back."""
Program = Literal["waits", "may wait", "begins", "claims", "gone"]
PROGRAMS: dict[Program, list[str]] = {
    "waits": [], "may wait": ["Its own program goes on with it, if that still runs."],
    "begins": ["It waits until its own program is started again with the same external id."],
    "claims": ["It waits until its own program claims it again."], "gone": [],
}  # fmt: skip
"""What is to be said of the program whose own work a job is."""
SEVERAL: dict[Cause, str] = {
    "crash": "several workers ended without a word", "restart": "several workers were shut down",
    "lost worker": "several workers stopped answering", "left": "their own programs ended before the work was done",
    "paused": "somebody paused them", "failed": "they failed", "rollback failed": "their rollbacks failed",
}  # fmt: skip
"""What stopped several jobs, each for a reason of its own."""


class SideEffect(Record, frozen=True, kw_only=True):
    """Something a job has done outside itself. kind: undo (recorded, so that it can be undone), artifact, children.

    name: of an undo the type that takes it back; steps: which recorded such undos, the first ten.
    """

    kind: Literal["undo", "artifact", "children"]
    name: str
    count: int = 1
    steps: Sequence[str] = ()


class Kept(Record, frozen=True, kw_only=True):
    """What is not done again. steps: completed ones; step: the one that was cut off; members: those that loops have
    passed; items, of items_total: those of its ledgers that are over. lost_s: at most so many seconds of work since
    the last of it was stored, None where nothing was.
    """

    steps: int = 0
    step: str | None = None
    members: int = 0
    items: int = 0
    items_total: int = 0
    lost_s: float | None = None


class RecoveryRule(Record, frozen=True, kw_only=True):
    """A person's word that interrupted jobs of a type go on by themselves, whatever the code of the type says."""

    type: str
    made_at: datetime
    who: str | None = None
    reason: str | None = None


class Recoverable(Record, frozen=True, kw_only=True):
    """A job that waits for a person.

    lost_at: when it stopped; checkpoint_at: when it last stored something to go on from. repeats: what would be done
    again, as a sentence. changed: what is another one now, such as the configuration. verb: what sends it on. safe:
    it was interrupted, and nothing speaks against sending it on. other_input: it failed for its input, and a restart
    with another one is what helps.
    """

    job: Job
    cause: Cause
    cause_text: str
    lost_at: datetime
    checkpoint_at: datetime | None = None
    kept: Kept = Kept()
    repeats: str
    side_effects: list[SideEffect]
    changed: list[str]
    resumable: Resumable
    why: str
    verb: Literal["resume", "retry", "rollback"]
    safe: bool = False
    other_input: bool = False


class Stop(Record, frozen=True, kw_only=True):
    """Jobs that were interrupted together. text: the cause in words; safe: how many can simply go on."""

    cause: Cause
    text: str
    at: datetime
    jobs: int
    safe: int


class LastRecovery(Record, frozen=True, kw_only=True):
    """The jobs that were interrupted last and have gone on since, by the state that they are in now."""

    at: datetime
    jobs: int
    states: dict[str, int]


class Recovery(Record, frozen=True, kw_only=True):
    """A page of the jobs that wait for a person: interrupted ones, then paused, then failed, then those whose rollback
    failed, each newest stop first.

    causes: how many wait in all, by cause; stops: the interrupted ones by what stopped them; safe: how many of those
    can simply go on. These three know the newest 500 interrupted ones; more: there are others. next: the cursor of the
    page after it.
    """

    jobs: list[Recoverable]
    next: str | None = None
    causes: dict[str, int]
    stops: list[Stop]
    safe: int = 0
    more: bool = False
    last: LastRecovery | None = None


class Facts(Record, frozen=True, kw_only=True):
    """What is recorded of a job that has stopped, and of what it would go on with.

    taken_up: whether a worker can take it when it goes on; misfit: why its input does not fit its type any more;
    program: how its own program does, where it has one. unconfirmed: its last runner may still be at work.
    """

    stopped_by: str
    error: str | None = None
    said: str | None = None
    reason: str | None = None
    worker: str | None = None
    rebooted: bool = False
    kept: Kept = Kept()
    effects: bool = False
    config_changed: bool = False
    session_closed: bool = False
    taken_up: bool = True
    misfit: str | None = None
    program: Program | None = None
    unconfirmed: bool = False


def cause(state: str, facts: Facts) -> tuple[Cause, str]:
    """Why a job stopped: a word, and a sentence."""
    if state == "failed":
        return "failed", facts.error or "it failed"
    if state == "paused":
        return "paused", f"paused: {facts.reason}" if facts.reason else "somebody paused it"
    if facts.stopped_by == "leave":
        if facts.said == "shutdown":
            return "restart", "its worker was shut down"
        return "left", "its own program ended before the work was done"
    if facts.rebooted:
        return "restart", "the machine was started again"
    if facts.error is not None and facts.error.endswith("has ended"):
        return "crash", f"{_worker(facts)} ended without a word"
    return "lost worker", f"{_worker(facts)} stopped answering"


def repeats(job: Job, facts: Facts) -> str:
    """What would be done again, as a sentence."""
    kept = facts.kept
    if facts.program == "waits":
        return "Nothing: its own program waits where it is."
    stays = _stays(kept)
    if not stays:
        if not job.attempt:
            return "Nothing: it has not begun."
        worked = f"; it had worked for {duration(job.active_s)}" if job.active_s >= 1 else ""
        return f"All of it: nothing was stored to go on from{worked}."
    again = "What was at hand is done again"
    if kept.step is not None:
        again = f"Step {kept.step!r} begins again" + (", after what its loops have passed" if kept.members else "")
    lost = f", {duration(kept.lost_s)} of work at most" if kept.lost_s is not None and kept.lost_s >= 1 else ""
    return f"{again}{lost}. Kept: {_listed(stays)}."


def judged(job: Job, facts: Facts) -> tuple[Resumable, str]:
    """Whether a job can go on, and why, or why not."""
    if facts.session_closed:
        return "no", f"Its session {job.session!r} was closed. Restart it in another one."
    if facts.program == "gone":
        return "no", "Its own program has ended, and no external id leads a new start back to it. Restart the program."
    doubts = _doubts(job, facts)
    if doubts:
        return "with care", " ".join(doubts)
    if job.state == "paused":
        return "yes", "It was paused, and goes on from its checkpoint." if job.attempt else "It has not begun yet."
    if job.state == "failed":
        return "yes", "What is finished stays; the rest is tried again."
    return "yes", "It goes on from its checkpoint."


def changed(facts: Facts) -> list[str]:
    """What is another one than when the job began."""
    return ["configuration"] if facts.config_changed else []


def taken_back(undos: Sequence[SideEffect]) -> str:
    """What can be undone, by what was done: an undo's type says what takes it back."""
    steps = list(dict.fromkeys(step for undo in undos for step in undo.steps))
    number = sum(undo.count for undo in undos)
    what = f"{number} {'effect' if number == 1 else 'effects'}"
    if steps:
        named = steps if len(steps) <= NAMED else [*steps[:NAMED], "others"]
        what += f" of {'step' if len(steps) == 1 else 'steps'} {_listed(named)}"
    return f"{what}, by {_listed([undo.name for undo in undos])}"


def left_undone(left: int, undos: int) -> str:
    """What is left of a rollback that failed, as a sentence."""
    told = f"{exact(left)} of {exact(undos)} {'undo' if undos == 1 else 'undos'}"
    return f"It goes on where it stopped: {told} {'is' if left == 1 else 'are'} left."


def _doubts(job: Job, facts: Facts) -> list[str]:
    doubts = []
    if facts.unconfirmed:
        doubts.append("Its last runner may still be at work for some seconds.")
    if job.state == "failed" and cause_of(job.error).again is not None:
        doubts.append(str(cause_of(job.error).again))
    if not _stays(facts.kept) and job.attempt and facts.program != "waits":
        told = " although it has done something already" if facts.effects else ""
        doubts.append(f"Nothing was stored to go on from: it begins again{told}.")
    if facts.config_changed:
        doubts.append("The configuration of its session was saved since; it goes on with the one that it began with.")
    if facts.program is not None:
        doubts += PROGRAMS[facts.program]
    elif not facts.taken_up:
        doubts.append(f"No worker that is alive has {job.type!r}: it will wait for one.")
    if facts.misfit is not None:
        doubts.append(f"Its input does not fit its type any more: {facts.misfit}")
    return doubts


def _stays(kept: Kept) -> list[str]:
    found = [(kept.steps, "step", "steps"), (kept.members, "member", "members"), (kept.items, "item", "items")]
    stays = [f"{exact(n)} {one if n == 1 else several}" for n, one, several in found if n]
    return stays or (["its saved state"] if kept.lost_s is not None else [])


def _listed(words: Sequence[str]) -> str:
    return " and ".join([", ".join(words[:-1]), words[-1]] if len(words) > 1 else list(words))


def _worker(facts: Facts) -> str:
    return "its worker" if facts.worker is None else f"worker {facts.worker}"
