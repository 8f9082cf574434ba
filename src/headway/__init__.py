"""Durable tracking and control of long-running work."""

from __future__ import annotations

from headway.clock import DAY_S
from headway.doors import track, tracked
from headway.errors import (
    AlreadyRunning,
    Ambiguous,
    BadQuery,
    Conflict,
    Deleted,
    DuplicateStep,
    DuplicateType,
    Halt,
    HeadwayError,
    IllegalMove,
    InvalidInput,
    JobCancelled,
    JobFailed,
    KeyReused,
    NotFound,
    NotPermitted,
    NotSupported,
    SecretUnavailable,
    SessionBusy,
    StoreError,
    StoreUnavailable,
    TooManyFailed,
    UnknownType,
    Unstorable,
)
from headway.model.configuration import ConfigChange, ConfigDiff, JobConfiguration
from headway.model.failure import Failure, FailureGroup, Failures
from headway.model.job import (
    Artifact,
    Attempt,
    Branch,
    Checkpoint,
    Error,
    Event,
    Item,
    Job,
    LogMatches,
    Page,
    Session,
    SessionVersion,
    Step,
    Undo,
    Worker,
)
from headway.model.ledger import Counts, LedgerCounts
from headway.model.progress import Progress
from headway.model.recovery import Recoverable, Recovery, RecoveryRule
from headway.model.retention import Retention, RetentionRule, WouldGo
from headway.model.search import Found, Hit
from headway.model.steps import JobProgress, StepCounts
from headway.model.support import SupportBundle
from headway.runtime.asynchronous import AsyncContext
from headway.runtime.context import Context
from headway.runtime.current import current_context
from headway.runtime.item import ItemAtHand, current_item
from headway.runtime.ledger import Ledger
from headway.runtime.registry import job
from headway.runtime.shell import CommandFailed, CommandResult
from headway.secret import Secret
from headway.tracker.ambient import current_session, use_session
from headway.tracker.headway import Headway

__version__ = "0.1.0"
__all__ = [
    "DAY_S",
    "AlreadyRunning",
    "Ambiguous",
    "Artifact",
    "AsyncContext",
    "Attempt",
    "BadQuery",
    "Branch",
    "Checkpoint",
    "CommandFailed",
    "CommandResult",
    "ConfigChange",
    "ConfigDiff",
    "Conflict",
    "Context",
    "Counts",
    "Deleted",
    "DuplicateStep",
    "DuplicateType",
    "Error",
    "Event",
    "Failure",
    "FailureGroup",
    "Failures",
    "Found",
    "Halt",
    "Headway",
    "HeadwayError",
    "Hit",
    "IllegalMove",
    "InvalidInput",
    "Item",
    "ItemAtHand",
    "Job",
    "JobCancelled",
    "JobConfiguration",
    "JobFailed",
    "JobProgress",
    "KeyReused",
    "Ledger",
    "LedgerCounts",
    "LogMatches",
    "NotFound",
    "NotPermitted",
    "NotSupported",
    "Page",
    "Progress",
    "Recoverable",
    "Recovery",
    "RecoveryRule",
    "Retention",
    "RetentionRule",
    "Secret",
    "SecretUnavailable",
    "Session",
    "SessionBusy",
    "SessionVersion",
    "Step",
    "StepCounts",
    "StoreError",
    "StoreUnavailable",
    "SupportBundle",
    "TooManyFailed",
    "Undo",
    "UnknownType",
    "Unstorable",
    "Worker",
    "WouldGo",
    "current_context",
    "current_item",
    "current_session",
    "job",
    "track",
    "tracked",
    "use_session",
]
