-- Sessions as versioned workspaces, limits, families, ledgers, undos and retention. Only adds: processes of the
-- previous release write on.

ALTER TABLE sessions ADD COLUMN owner TEXT;
ALTER TABLE sessions ADD COLUMN used_at REAL NOT NULL DEFAULT 0;  -- when somebody last acted on it
ALTER TABLE sessions ADD COLUMN idle_s REAL;  -- closed by itself when idle so long
ALTER TABLE sessions ADD COLUMN keep_s REAL;  -- its ended jobs go after so long
ALTER TABLE sessions ADD COLUMN closed_at REAL;
CREATE INDEX sessions_closed ON sessions (tenant, closed_at) WHERE closed_at IS NOT NULL;
CREATE INDEX sessions_expiring ON sessions (tenant, used_at) WHERE idle_s IS NOT NULL AND closed_at IS NULL;

-- How far the sweep has brought the ends of kept jobs up to date, by job id; null where there is nothing to bring.
ALTER TABLE sessions ADD COLUMN keep_after TEXT;
CREATE INDEX sessions_keeping ON sessions (tenant, id) WHERE keep_after IS NOT NULL;

-- Every save of a configuration. A job keeps the number of the version it runs with.
CREATE TABLE session_versions (
    tenant   INTEGER NOT NULL,
    session  TEXT    NOT NULL,
    version  INTEGER NOT NULL CHECK (version > 0),
    config   TEXT    NOT NULL,
    author   TEXT,
    note     TEXT,
    saved_at REAL    NOT NULL,
    PRIMARY KEY (tenant, session, version),
    FOREIGN KEY (tenant, session) REFERENCES sessions (tenant, id)
) STRICT, WITHOUT ROWID;
INSERT INTO session_versions (tenant, session, version, config, saved_at)
SELECT tenant, id, config_version, config, created_at FROM sessions;

-- How many jobs may run at once under a key, and how many do. A row exists only where there is a limit, and changes
-- only in the transaction of a claim, a move, or a wait for children.
CREATE TABLE limits (
    tenant INTEGER NOT NULL,
    key    TEXT    NOT NULL,
    most   INTEGER NOT NULL CHECK (most > 0),
    used   INTEGER NOT NULL DEFAULT 0 CHECK (used >= 0 AND used <= most),
    PRIMARY KEY (tenant, key)
) STRICT, WITHOUT ROWID;

ALTER TABLE jobs ADD COLUMN config_version INTEGER;  -- of its session; what ctx.config reads
ALTER TABLE jobs ADD COLUMN launched INTEGER NOT NULL DEFAULT 0;  -- by the start of its session
ALTER TABLE jobs ADD COLUMN limit_key TEXT;  -- the limit it counts under while it runs
ALTER TABLE jobs ADD COLUMN waiting INTEGER NOT NULL DEFAULT 0;  -- for its children: it holds no slot meanwhile
ALTER TABLE jobs ADD COLUMN wants_place INTEGER NOT NULL DEFAULT 0;  -- it waited, and goes on before new jobs begin
ALTER TABLE jobs ADD COLUMN spawn_key TEXT;  -- by which its parent finds it again
ALTER TABLE jobs ADD COLUMN weight REAL NOT NULL DEFAULT 1 CHECK (weight >= 0);  -- its share of its parent's progress
ALTER TABLE jobs ADD COLUMN undos INTEGER NOT NULL DEFAULT 0;  -- how many it has recorded
ALTER TABLE jobs ADD COLUMN pinned INTEGER NOT NULL DEFAULT 0;  -- it stays, whatever its type and session say
ALTER TABLE jobs ADD COLUMN expires_at REAL;  -- ended, and goes then
ALTER TABLE jobs ADD COLUMN known_attempt INTEGER NOT NULL DEFAULT 0;  -- the last whose claim heeded all of these

DROP INDEX jobs_ready;
CREATE INDEX jobs_ready ON jobs (tenant, queue, type, priority DESC, id)
    WHERE state = 'pending' AND due_at IS NULL AND outside = 0 AND limit_key IS NULL;
CREATE INDEX jobs_ready_limited ON jobs (tenant, limit_key, queue, type, priority DESC, id)
    WHERE state = 'pending' AND due_at IS NULL AND outside = 0 AND limit_key IS NOT NULL;
CREATE INDEX jobs_expiring ON jobs (expires_at) WHERE expires_at IS NOT NULL AND deleted_at IS NULL;
CREATE UNIQUE INDEX jobs_spawned ON jobs (tenant, parent, spawn_key)
    WHERE spawn_key IS NOT NULL AND deleted_at IS NULL;
CREATE INDEX jobs_wanting ON jobs (tenant, limit_key) WHERE wants_place = 1;
CREATE INDEX jobs_launched ON jobs (tenant, session) WHERE launched = 1 AND ended_at IS NULL AND deleted_at IS NULL;
CREATE UNIQUE INDEX jobs_one_rollback ON jobs (tenant, rollback_of)
    WHERE rollback_of IS NOT NULL AND ended_at IS NULL AND deleted_at IS NULL;
CREATE INDEX jobs_rollback_of ON jobs (tenant, rollback_of) WHERE rollback_of IS NOT NULL;
CREATE INDEX attempts_late ON attempts (tenant) WHERE late_writes > 0;

-- A process of the release before may still be at work when the file is upgraded. It would pass a limit over, run an undo
-- of a rollback as a plain job, and hand a sealed secret to a function; its claims, which do not say that they know of
-- these, get all other jobs. On PostgreSQL every host has the new release before the upgrade.
CREATE TRIGGER jobs_known BEFORE UPDATE OF state ON jobs
WHEN OLD.state = 'pending' AND NEW.state = 'running' AND NEW.known_attempt <> NEW.attempt
 AND (NEW.limit_key IS NOT NULL OR NEW.rollback_of IS NOT NULL OR instr(NEW.input, '"$secret"'))
BEGIN
    SELECT RAISE(IGNORE);
END;

ALTER TABLE types ADD COLUMN keep_s REAL;  -- its ended jobs go after so long
ALTER TABLE types ADD COLUMN keep_after TEXT;  -- as that of sessions

ALTER TABLE items ADD COLUMN position INTEGER NOT NULL DEFAULT 0;  -- the order in which they were added
ALTER TABLE items ADD COLUMN status_code INTEGER;  -- of the answer that it got, as HTTP counts
ALTER TABLE items ADD COLUMN duplicate_of TEXT;  -- the key of the first item with the same hash
ALTER TABLE items ADD COLUMN forgiven INTEGER NOT NULL DEFAULT 0;  -- of its attempts: those before a user's last retry
CREATE INDEX items_left ON items (tenant, job, ledger, state, position) WHERE state <> 'done';
CREATE INDEX items_hash ON items (tenant, job, ledger, hash, position) WHERE hash IS NOT NULL;

-- What a ledger holds in all: totals, written by the one attempt that works on it, in the transaction of its items.
CREATE TABLE ledgers (
    tenant     INTEGER NOT NULL,
    job        TEXT    NOT NULL,
    ledger     TEXT    NOT NULL,
    total      INTEGER NOT NULL DEFAULT 0,
    done       INTEGER NOT NULL DEFAULT 0,
    failed     INTEGER NOT NULL DEFAULT 0,
    skipped    INTEGER NOT NULL DEFAULT 0,
    duplicates INTEGER NOT NULL DEFAULT 0,
    size       REAL    NOT NULL DEFAULT 0,  -- of all
    size_done  REAL    NOT NULL DEFAULT 0,  -- of those that are done, failed or skipped
    size_saved REAL    NOT NULL DEFAULT 0,  -- of the duplicates
    position   INTEGER NOT NULL DEFAULT 0,  -- the last one given
    PRIMARY KEY (tenant, job, ledger),
    FOREIGN KEY (tenant, job) REFERENCES jobs (tenant, id)
) STRICT, WITHOUT ROWID;

ALTER TABLE steps ADD COLUMN undos INTEGER NOT NULL DEFAULT 0;  -- how many its job had recorded when it began or ended

-- Compensations, recorded before the effect that they undo; a rollback runs them from the last to the first.
CREATE TABLE undos (
    tenant      INTEGER NOT NULL,
    job         TEXT    NOT NULL,
    position    INTEGER NOT NULL CHECK (position > 0),
    key         TEXT    NOT NULL,  -- type and input: the same undo counts once per job
    type        TEXT    NOT NULL,
    input       TEXT    NOT NULL,
    step        TEXT,              -- in which it was recorded
    state       TEXT    NOT NULL CHECK (state IN ('recorded', 'done', 'failed')),
    error       TEXT,
    recorded_at REAL    NOT NULL,
    ended_at    REAL,
    PRIMARY KEY (tenant, job, position),
    UNIQUE (tenant, job, key),
    FOREIGN KEY (tenant, job) REFERENCES jobs (tenant, id)
) STRICT, WITHOUT ROWID;
