-- The first schema. Times are seconds since the epoch (UTC); `lease_until`, `active_since` and `deadline_at` are
-- seconds of the lease clock (the boot clock here). Every table has a tenant, so that it can become part of every key.

CREATE TABLE states (
    state     TEXT    NOT NULL PRIMARY KEY,
    ended     INTEGER NOT NULL,  -- left only by a person's retry or rollback
    executing INTEGER NOT NULL   -- an attempt may hold a lease
) STRICT;

CREATE TABLE moves (
    actor  TEXT NOT NULL,
    move   TEXT NOT NULL,
    source TEXT NOT NULL,  -- '' where a job begins
    target TEXT NOT NULL REFERENCES states (state),
    PRIMARY KEY (actor, move, source, target)
) STRICT, WITHOUT ROWID;
CREATE INDEX moves_pairs ON moves (source, target);

CREATE TABLE sessions (
    tenant         INTEGER NOT NULL DEFAULT 0,
    id             TEXT    NOT NULL,
    config         TEXT    NOT NULL DEFAULT '{}',
    config_version INTEGER NOT NULL DEFAULT 1,
    job_type       TEXT,
    concurrency    INTEGER NOT NULL DEFAULT 10 CHECK (concurrency > 0),
    created_at     REAL    NOT NULL,
    PRIMARY KEY (tenant, id)
) STRICT, WITHOUT ROWID;

CREATE TABLE jobs (
    number          INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    tenant          INTEGER NOT NULL DEFAULT 0,
    id              TEXT    NOT NULL CHECK (length(id) = 36),
    type            TEXT    NOT NULL CHECK (length(type) BETWEEN 1 AND 255),
    name            TEXT    NOT NULL CHECK (length(name) <= 1000),
    category        TEXT    NOT NULL,
    session         TEXT    NOT NULL,
    context_id      TEXT,
    one_per_context INTEGER NOT NULL DEFAULT 0,
    parent          TEXT,
    root            TEXT    NOT NULL,
    restarted_from  TEXT,
    rollback_of     TEXT,
    owner           TEXT,
    queue           TEXT    NOT NULL,
    priority        INTEGER NOT NULL,
    input           TEXT    NOT NULL,
    labels          TEXT    NOT NULL DEFAULT '{}',
    outside         INTEGER NOT NULL DEFAULT 0,  -- its own process claims it; no worker ever does
    retries         INTEGER NOT NULL DEFAULT 0,
    timeout_s       REAL,                        -- of active time
    state           TEXT    NOT NULL REFERENCES states (state),
    previous        TEXT,                        -- the state before; what RETURNING can not say of the old row
    state_since     REAL    NOT NULL,
    attempt         INTEGER NOT NULL DEFAULT 0 CHECK (attempt >= 0),
    worker          TEXT,
    lease_until     REAL,
    active_since    REAL,
    active_s        REAL    NOT NULL DEFAULT 0,
    deadline_at     REAL,
    delivered_at    REAL,                        -- when the runner heard of the pause or cancel
    serial          INTEGER NOT NULL DEFAULT 0,  -- of the last report of this attempt
    seq             INTEGER NOT NULL DEFAULT 0,  -- of the last event
    version         INTEGER NOT NULL DEFAULT 0,
    retries_used    INTEGER NOT NULL DEFAULT 0,
    losses          INTEGER NOT NULL DEFAULT 0,  -- since the last durable progress
    warnings        INTEGER NOT NULL DEFAULT 0,
    progress        TEXT,
    result          TEXT,
    error           TEXT,
    due_at          REAL,                        -- pending, but not before
    unconfirmed_until REAL,                      -- the last runner may still be at work outside the database
    created_at      REAL    NOT NULL,
    started_at      REAL,
    ended_at        REAL,
    deleted_at      REAL,
    UNIQUE (tenant, id),
    FOREIGN KEY (tenant, session) REFERENCES sessions (tenant, id)
) STRICT;

-- No indexed column changes with progress.
CREATE INDEX jobs_ready ON jobs (tenant, queue, type, priority DESC, id)
    WHERE state = 'pending' AND due_at IS NULL AND outside = 0;
CREATE INDEX jobs_delayed ON jobs (due_at) WHERE state = 'pending' AND due_at IS NOT NULL;
CREATE INDEX jobs_executing ON jobs (state) WHERE state IN ('running', 'pausing', 'cancelling');
CREATE INDEX jobs_interrupted ON jobs (state) WHERE state = 'interrupted';
CREATE INDEX jobs_state ON jobs (tenant, state, id);
CREATE INDEX jobs_open ON jobs (tenant, id) WHERE ended_at IS NULL AND deleted_at IS NULL;
CREATE INDEX jobs_session ON jobs (tenant, session, id);
CREATE INDEX jobs_type ON jobs (tenant, type, id);
CREATE INDEX jobs_category ON jobs (tenant, category, id) WHERE category <> 'general';
CREATE INDEX jobs_parent ON jobs (tenant, parent, id) WHERE parent IS NOT NULL;
CREATE INDEX jobs_tail ON jobs (tenant, substr(id, 31));
CREATE INDEX jobs_deleted ON jobs (deleted_at) WHERE deleted_at IS NOT NULL;
CREATE UNIQUE INDEX jobs_one_per_context ON jobs (tenant, context_id)
    WHERE one_per_context = 1 AND ended_at IS NULL AND deleted_at IS NULL;

-- The database refuses what the table of moves does not hold. The text of the triggers never changes: the rows do.
CREATE TRIGGER jobs_begin BEFORE INSERT ON jobs
WHEN NOT EXISTS (SELECT 1 FROM moves WHERE source = '' AND target = NEW.state)
BEGIN
    SELECT RAISE(ABORT, 'illegal move: a job can not begin as ' || NEW.state);
END;
CREATE TRIGGER jobs_move BEFORE UPDATE OF state ON jobs
WHEN OLD.state <> NEW.state AND NOT EXISTS (SELECT 1 FROM moves WHERE source = OLD.state AND target = NEW.state)
BEGIN
    SELECT RAISE(ABORT, 'illegal move: from ' || OLD.state || ' to ' || NEW.state);
END;
CREATE TRIGGER jobs_shape BEFORE UPDATE OF state, ended_at, lease_until, attempt, seq, id ON jobs
WHEN (SELECT s.ended <> (NEW.ended_at IS NOT NULL) OR (NEW.lease_until IS NOT NULL AND NOT s.executing)
        FROM states AS s WHERE s.state = NEW.state)
  OR NEW.attempt < OLD.attempt OR NEW.seq < OLD.seq OR NEW.id <> OLD.id
BEGIN
    SELECT RAISE(ABORT, 'impossible row: an ended job has an end, only an executing one a lease; '
        || 'attempt and event numbers never fall, an id never changes');
END;

CREATE TABLE attempts (
    tenant     INTEGER NOT NULL,
    job        TEXT    NOT NULL,
    attempt    INTEGER NOT NULL CHECK (attempt > 0),
    worker     TEXT    NOT NULL,
    started_at REAL    NOT NULL,
    ended_at   REAL,
    outcome    TEXT,
    error      TEXT,
    late_writes INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (tenant, job, attempt),
    FOREIGN KEY (tenant, job) REFERENCES jobs (tenant, id)
) STRICT, WITHOUT ROWID;

CREATE TABLE events (
    tenant  INTEGER NOT NULL,
    job     TEXT    NOT NULL,
    seq     INTEGER NOT NULL CHECK (seq > 0),
    at      REAL    NOT NULL,
    kind    TEXT    NOT NULL,
    name    TEXT    NOT NULL,
    attempt INTEGER NOT NULL,
    data    TEXT    NOT NULL,
    PRIMARY KEY (tenant, job, seq),
    FOREIGN KEY (tenant, job) REFERENCES jobs (tenant, id)
) STRICT, WITHOUT ROWID;

-- Log lines take their numbers from the same counter as events, but lie apart: a million lines must not make the
-- story of a job slow to read.
CREATE TABLE logs (
    tenant  INTEGER NOT NULL,
    job     TEXT    NOT NULL,
    seq     INTEGER NOT NULL CHECK (seq > 0),
    at      REAL    NOT NULL,
    kind    TEXT    NOT NULL,
    name    TEXT    NOT NULL,  -- the level
    attempt INTEGER NOT NULL,
    data    TEXT    NOT NULL,
    PRIMARY KEY (tenant, job, seq),
    FOREIGN KEY (tenant, job) REFERENCES jobs (tenant, id)
) STRICT, WITHOUT ROWID;

CREATE TABLE steps (
    tenant     INTEGER NOT NULL,
    job        TEXT    NOT NULL,
    name       TEXT    NOT NULL,
    position   INTEGER NOT NULL,
    state      TEXT    NOT NULL CHECK (state IN ('planned', 'running', 'completed', 'failed', 'skipped')),
    weight     REAL    NOT NULL DEFAULT 1 CHECK (weight >= 0),
    optional   INTEGER NOT NULL DEFAULT 0,
    attempt    INTEGER NOT NULL,
    started_at REAL,
    ended_at   REAL,
    result     TEXT,
    error      TEXT,
    PRIMARY KEY (tenant, job, name),
    FOREIGN KEY (tenant, job) REFERENCES jobs (tenant, id)
) STRICT, WITHOUT ROWID;

-- What a job saved to go on from: its own state (kind 'state') and the cursor of each loop (kind 'cursor').
CREATE TABLE checkpoints (
    tenant   INTEGER NOT NULL,
    job      TEXT    NOT NULL,
    kind     TEXT    NOT NULL,
    name     TEXT    NOT NULL,
    value    TEXT    NOT NULL,
    attempt  INTEGER NOT NULL,
    saved_at REAL    NOT NULL,
    PRIMARY KEY (tenant, job, kind, name),
    FOREIGN KEY (tenant, job) REFERENCES jobs (tenant, id)
) STRICT, WITHOUT ROWID;

-- Files that a job hands over, kept with it.
CREATE TABLE artifacts (
    tenant   INTEGER NOT NULL,
    job      TEXT    NOT NULL,
    name     TEXT    NOT NULL,
    content  BLOB    NOT NULL,
    saved_at REAL    NOT NULL,
    PRIMARY KEY (tenant, job, name),
    FOREIGN KEY (tenant, job) REFERENCES jobs (tenant, id)
) STRICT;

CREATE TABLE items (
    tenant     INTEGER NOT NULL,
    job        TEXT    NOT NULL,
    ledger     TEXT    NOT NULL,
    key        TEXT    NOT NULL,
    state      TEXT    NOT NULL CHECK (state IN ('pending', 'done', 'failed', 'skipped')),
    attempts   INTEGER NOT NULL DEFAULT 0,
    value      TEXT,
    size       REAL,
    hash       TEXT,
    data       TEXT    NOT NULL DEFAULT '{}',
    error      TEXT,
    updated_at REAL    NOT NULL,
    PRIMARY KEY (tenant, job, ledger, key),
    FOREIGN KEY (tenant, job) REFERENCES jobs (tenant, id)
) STRICT, WITHOUT ROWID;

-- Every other id of a job: kind is 'context', 'external' or a namespace. Not unique: the newest job wins.
CREATE TABLE aliases (
    tenant     INTEGER NOT NULL,
    text       TEXT    NOT NULL,
    kind       TEXT    NOT NULL,
    job        TEXT    NOT NULL,
    created_at REAL    NOT NULL,
    PRIMARY KEY (tenant, text, kind, job),
    FOREIGN KEY (tenant, job) REFERENCES jobs (tenant, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX aliases_job ON aliases (tenant, job);

CREATE TABLE labels (
    tenant INTEGER NOT NULL,
    name   TEXT    NOT NULL,
    value  TEXT    NOT NULL,
    job    TEXT    NOT NULL,
    PRIMARY KEY (tenant, name, value, job),
    FOREIGN KEY (tenant, job) REFERENCES jobs (tenant, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX labels_job ON labels (tenant, job);

CREATE TABLE idempotency (
    tenant     INTEGER NOT NULL,
    actor      TEXT    NOT NULL,
    verb       TEXT    NOT NULL,
    key        TEXT    NOT NULL,
    request    TEXT    NOT NULL,  -- a hash of what was asked
    job        TEXT    NOT NULL,
    created_at REAL    NOT NULL,
    PRIMARY KEY (tenant, actor, verb, key)
) STRICT, WITHOUT ROWID;
CREATE INDEX idempotency_age ON idempotency (created_at);

CREATE TABLE workers (
    tenant     INTEGER NOT NULL DEFAULT 0,
    id         TEXT    NOT NULL PRIMARY KEY,
    host       TEXT    NOT NULL,
    pid        INTEGER NOT NULL,
    place      TEXT    NOT NULL,  -- start of the machine and namespace of its process ids
    born       TEXT    NOT NULL,  -- when the process began, so that a reused pid is not taken for it
    slots      INTEGER NOT NULL,
    queues     TEXT    NOT NULL,
    types      TEXT    NOT NULL,
    started_at REAL    NOT NULL,
    seen_at    REAL    NOT NULL,
    stopped_at REAL
) STRICT, WITHOUT ROWID;

-- What the sweep must know of a type whose code it does not have; written by the workers that have it.
CREATE TABLE types (
    tenant    INTEGER NOT NULL,
    type      TEXT    NOT NULL,
    recover   INTEGER NOT NULL,
    timeout_s REAL,
    PRIMARY KEY (tenant, type)
) STRICT, WITHOUT ROWID;

-- Jobs by state: signed changes are appended by whoever moves jobs and folded by the sweep; reading sums them.
-- A counter that is updated in place would be the one row everybody waits for.
CREATE TABLE tallies (
    id      INTEGER PRIMARY KEY,
    tenant  INTEGER NOT NULL,
    session TEXT    NOT NULL,
    state   TEXT    NOT NULL,
    change  INTEGER NOT NULL
) STRICT;

CREATE TABLE meta (
    name  TEXT NOT NULL PRIMARY KEY,
    value TEXT NOT NULL
) STRICT, WITHOUT ROWID;
