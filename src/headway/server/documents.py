"""Examples for the OpenAPI document, and the forms of its pages."""

from __future__ import annotations

from typing import Any

import msgspec

from headway.model.job import Job


def page(name: str, kind: type) -> type:
    """The form of a page whose entries stand under `name`."""
    title = f"{name.title()}Page"
    if title not in _PAGES:
        made = msgspec.defstruct(title, [(name, list[kind]), ("next", str | None)])  # type: ignore[valid-type]
        made.__doc__ = f"A page of {name}. `next` is the cursor of the page after it, null on the last."
        _PAGES[title] = made
    return _PAGES[title]


_PAGES: dict[str, type] = {}

_ID = "019c3c2e-8f00-7a3b-9c4d-5e6f708192a3"
NEW_JOB: dict[str, Any] = {
    "type": "site.transfer",
    "input": {"source": "sftp://old.example/www", "target": "sftp://new.example/www"},
    "name": "Move example.org",
    "external_id": "gui-17",
    "labels": {"customer": "acme"},
}
JOB: dict[str, Any] = msgspec.to_builtins(
    msgspec.convert(
        {
            "id": _ID, "number": 17, "type": "site.transfer", "name": "Move example.org", "state": "running",
            "external_ids": {"external": "gui-17"}, "root_id": _ID, "owner": "ada", "input": NEW_JOB["input"],
            "progress": {"done": 412, "total": 1280, "unit": "files", "percent": 32, "message": "images/"},
            "labels": {"customer": "acme"}, "attempt": 1, "moves": ["pause", "cancel"],
            "created_at": "2026-11-22T09:00:00Z", "state_since": "2026-11-22T09:00:01Z",
            "started_at": "2026-11-22T09:00:01Z", "events": 3, "version": 14, "found_by": "number",
        },
        Job,
    )
)  # fmt: skip
JOBS: dict[str, Any] = {"jobs": [JOB], "next": None}

FOUND: dict[str, Any] = {
    "hits": [
        {"kind": "external key", "id": _ID, "job_id": _ID, "number": 17, "session": "default.yaml", "worker": None,
         "title": "Move example.org", "state": "running", "why": "an external id in gui", "exact": True},
    ],
    "near": [],
}  # fmt: skip

CLAIM: dict[str, Any] = {"types": ["site.transfer"], "wait_s": 25, "worker": "shell on host-7"}
CLAIMED: dict[str, Any] = {"job": JOB, "attempt": 1, "lease_s": 30.0, "epoch": "5d1f0c3a9b7e2846"}
HEARD: dict[str, Any] = {"asked": None, "state": "running", "lease_s": 30.0}
TOLD: dict[str, Any] = {
    "progress": {"done": 412, "total": 1280, "unit": "files"},
    "log": ["images/ is done"],
    "checkpoint": {"folder": "images/"},
    "serial": 7,
    "epoch": "5d1f0c3a9b7e2846",
}
PROGRESS: dict[str, Any] = {"job_id": _ID, "state": "running", "percent": 32, "progress": JOB["progress"]}
_AT = "2026-11-22T09:00:01Z"
_EVENT: dict[str, Any] = {"job_id": _ID, "seq": 2, "at": _AT, "kind": "move", "name": "claim", "attempt": 1,
                          "data": {"from": "pending", "to": "running", "by": "claimer"}}  # fmt: skip
_LINE = _EVENT | {"seq": 3, "kind": "log", "name": "info", "data": {"text": "images/ is done"}}
EVENTS: dict[str, Any] = {"events": [_EVENT], "next": None}
LOGS: dict[str, Any] = {"logs": [_LINE], "next": None}
STEPS: dict[str, Any] = {
    "steps": [{"job_id": _ID, "name": "scan", "position": 1, "state": "completed", "result": {"files": 1280}}],
    "next": None,
}
ITEMS: dict[str, Any] = {
    "items": [{"job_id": _ID, "ledger": "files", "key": "images/a.png", "state": "done", "size": 48213.0}],
    "next": None,
}
ATTEMPTS: dict[str, Any] = {
    "attempts": [{"job_id": _ID, "attempt": 1, "worker": "host-7-4711", "started_at": _AT}], "next": None
}  # fmt: skip
SESSION: dict[str, Any] = {
    "id": "acme", "owner": "ada", "config": {"source": "sftp://old.example/www", "password": "***"},
    "config_version": 3, "job_type": "site.transfer", "concurrency": 10, "created_at": _AT, "used_at": _AT,
}  # fmt: skip
SESSIONS: dict[str, Any] = {"sessions": [SESSION], "next": None}
NEW_SESSION: dict[str, Any] = {
    "id": "acme", "config": {"source": "sftp://old.example/www"}, "job_type": "site.transfer"
}  # fmt: skip
SAVE: dict[str, Any] = {"config": {"source": "sftp://old.example/www", "password": ""}, "note": "another host"}
VERSIONS: dict[str, Any] = {
    "versions": [{"session": "acme", "version": 3, "config": {}, "author": "ada", "saved_at": _AT}], "next": None
}  # fmt: skip
HEALTH: dict[str, Any] = {
    "status": "warning",
    "release": "0.1.0",
    "checks": [
        {"name": "database", "status": "ok", "found": "it answers", "remedy": None},
        {"name": "workers", "status": "warning", "found": "none was seen within the last half minute, and jobs wait",
         "remedy": "Start one: headway worker --url /srv/jobs.db --import MODULE."},
    ],
    "url": "/srv/jobs.db",
}  # fmt: skip

_STOPPED: dict[str, Any] = JOB | {"state": "interrupted", "moves": ["resume", "pause", "cancel"]}
RECOVERY: dict[str, Any] = {
    "jobs": [
        {
            "job": _STOPPED, "cause": "crash", "cause_text": "worker host-7 (process 4711) ended without a word",
            "lost_at": _AT, "checkpoint_at": _AT, "resumable": "yes", "why": "It goes on from its checkpoint.",
            "kept": {"steps": 1, "step": "copy", "members": 412, "items": 0, "items_total": 0, "lost_s": 0.4},
            "repeats": "Step 'copy' begins again, after what its loops have passed. Kept: 1 step and 412 members.",
            "side_effects": [{"kind": "undo", "name": "files.remove", "count": 3}], "changed": [], "verb": "resume",
            "safe": True,
        }
    ],
    "next": None, "causes": {"crash": 1, "failed": 2},
    "stops": [{"cause": "crash", "text": "worker host-7 (process 4711) ended without a word", "at": _AT, "jobs": 1,
               "safe": 1}],
    "safe": 1, "last": {"at": _AT, "jobs": 2, "states": {"completed": 1, "running": 1}},
}  # fmt: skip
RULE: dict[str, Any] = {"type": "site.transfer", "made_at": _AT, "who": "ada", "reason": "its steps can be repeated"}
_ALIKE: dict[str, Any] = {
    "cause": "network", "likely": "another machine was not there, or the way to it was cut",
}  # fmt: skip
_REFUSED = "ConnectionRefusedError: [Errno 111] Connection refused"
FAILURES: dict[str, Any] = {
    "failures": [
        _ALIKE | {
            "code": "error", "message": _REFUSED, "pattern": "ConnectionRefusedError: [Errno <n>] Connection refused",
            "type": "site.transfer", "count": 3, "first_at": _AT, "last_at": _AT, "jobs": [_ID],
        }
    ],
    "looked_at": 5, "more": False,
}  # fmt: skip
FAILURE: dict[str, Any] = _ALIKE | {
    "job_id": _ID, "attempt": 1, "failed_at": _AT, "error": {"code": "error", "message": _REFUSED, "trace": None},
    "step": "copy", "same": {"count": 3, "first_at": _AT, "last_at": _AT},
    "next": [{"verb": "retry", "why": "What is finished stays; the rest is tried again."}],
}  # fmt: skip
_CHANGES: list[dict[str, Any]] = [
    {"path": "password", "change": "changed", "from": None, "to": None, "secret": True},
    {"path": "source", "change": "changed", "from": "sftp://old.example/www", "to": "sftp://older.example/www",
     "secret": False},
]  # fmt: skip
SUPPORT: dict[str, Any] = {
    "made_at": _AT, "here": {"release": "0.1.0", "python": "3.12.3", "platform": "Linux-6.1-x86_64", "libraries": {},
                             "settings": ["HEADWAY_URL"]},
    "store": {"kind": "sqlite", "schema": 6, "wanted": 6, "missing": []}, "checks": HEALTH["checks"],
    "server": {"hosts": ["127.0.0.1", "localhost"], "origins": [], "token": False}, "counts": {"completed": 412},
    "waiting": {"failed": 2}, "workers": [],
    "failures": [{"type": "site.transfer", "code": "error", "cause": "network", "count": 3, "first_at": _AT,
                  "last_at": _AT}],
    "retention": {"rules": [], "due": 0, "within_day": 0, "pinned": 0, "more": False},
}  # fmt: skip
RETENTION: dict[str, Any] = {
    "rules": [
        {"kind": "type", "name": "site.transfer", "keep_s": 604800.0, "due": 0, "within_day": 12},
        {"kind": "session", "name": "acme", "keep_s": 86400.0, "due": 0, "within_day": 3},
    ],
    "due": 0, "within_day": 15, "pinned": 2, "more": False,
}  # fmt: skip
DIFF: dict[str, Any] = {"session": "acme", "from": 2, "to": 3, "changes": _CHANGES}
CONFIGURATION: dict[str, Any] = {
    "job_id": _ID, "session": "acme", "version": 3, "current": 3, "config": SESSION["config"], "previous": _ID,
    "previous_version": 2, "changes": _CHANGES,
}  # fmt: skip
RAW_LOG = "2026-11-22T09:00:01.000Z info images/ is done\n"

STREAM = (
    "retry: 1840\n\nevent: snapshot\n"
    f'data: {{"id":"{_ID}","state":"running","events":2,"version":14}}\n\n'
    "id: 334a3708bcc6d45c-3\nevent: event\n"
    f'data: {{"job_id":"{_ID}","seq":3,"kind":"log","name":"info","data":{{"text":"images/"}}}}\n\n'
)
LISTING = (
    f'event: snapshot\ndata: {{"jobs":[]}}\n\nevent: job\ndata: {{"id":"{_ID}","state":"running","version":14}}\n\n'
)
