-- Sessions as versioned workspaces, limits, families, ledgers, undos and retention. Only adds: processes of the
-- previous release write on.

ALTER TABLE sessions ADD COLUMN owner text;
ALTER TABLE sessions ADD COLUMN used_at double precision NOT NULL DEFAULT 0;  -- when somebody last acted on it
ALTER TABLE sessions ADD COLUMN idle_s double precision;  -- closed by itself when idle so long
ALTER TABLE sessions ADD COLUMN keep_s double precision;  -- its ended jobs go after so long
ALTER TABLE sessions ADD COLUMN closed_at double precision;
CREATE INDEX sessions_closed ON sessions (tenant, closed_at) WHERE closed_at IS NOT NULL;
CREATE INDEX sessions_expiring ON sessions (tenant, used_at) WHERE idle_s IS NOT NULL AND closed_at IS NULL;

-- How far the sweep has brought the ends of kept jobs up to date, by job id; null where there is nothing to bring.
ALTER TABLE sessions ADD COLUMN keep_after text;
CREATE INDEX sessions_keeping ON sessions (tenant, id) WHERE keep_after IS NOT NULL;

-- Every save of a configuration. A job keeps the number of the version it runs with.
CREATE TABLE session_versions (
    tenant   bigint NOT NULL,
    session  text    NOT NULL,
    version  bigint NOT NULL CHECK (version > 0),
    config   json    NOT NULL,
    author   text,
    note     text,
    saved_at double precision    NOT NULL,
    PRIMARY KEY (tenant, session, version),
    FOREIGN KEY (tenant, session) REFERENCES sessions (tenant, id)
);
INSERT INTO session_versions (tenant, session, version, config, saved_at)
SELECT tenant, id, config_version, config, created_at FROM sessions;

-- How many jobs may run at once under a key, and how many do. A row exists only where there is a limit, and changes
-- only in the transaction of a claim, a move, or a wait for children.
CREATE TABLE limits (
    tenant bigint NOT NULL,
    key    text    NOT NULL,
    most   bigint NOT NULL CHECK (most > 0),
    used   bigint NOT NULL DEFAULT 0 CHECK (used >= 0 AND used <= most),
    PRIMARY KEY (tenant, key)
);

ALTER TABLE jobs ADD COLUMN config_version bigint;  -- of its session; what ctx.config reads
ALTER TABLE jobs ADD COLUMN launched boolean NOT NULL DEFAULT false;  -- by the start of its session
ALTER TABLE jobs ADD COLUMN limit_key text;  -- the limit it counts under while it runs
ALTER TABLE jobs ADD COLUMN waiting boolean NOT NULL DEFAULT false;  -- for its children: it holds no slot meanwhile
ALTER TABLE jobs ADD COLUMN wants_place boolean NOT NULL DEFAULT false;  -- it waited, and goes on before new jobs begin
ALTER TABLE jobs ADD COLUMN spawn_key text;  -- by which its parent finds it again
ALTER TABLE jobs ADD COLUMN weight double precision NOT NULL DEFAULT 1 CHECK (weight >= 0);  -- its share of its parent's progress
ALTER TABLE jobs ADD COLUMN undos bigint NOT NULL DEFAULT 0;  -- how many it has recorded
ALTER TABLE jobs ADD COLUMN pinned boolean NOT NULL DEFAULT false;  -- it stays, whatever its type and session say
ALTER TABLE jobs ADD COLUMN expires_at double precision;  -- ended, and goes then
ALTER TABLE jobs ADD COLUMN known_attempt bigint NOT NULL DEFAULT 0;  -- the last whose claim heeded all of these

DROP INDEX jobs_ready;
CREATE INDEX jobs_ready ON jobs (tenant, queue, type, priority DESC, id)
    WHERE state = 'pending' AND due_at IS NULL AND NOT outside AND limit_key IS NULL;
CREATE INDEX jobs_ready_limited ON jobs (tenant, limit_key, queue, type, priority DESC, id)
    WHERE state = 'pending' AND due_at IS NULL AND NOT outside AND limit_key IS NOT NULL;
CREATE INDEX jobs_expiring ON jobs (expires_at) WHERE expires_at IS NOT NULL AND deleted_at IS NULL;
CREATE UNIQUE INDEX jobs_spawned ON jobs (tenant, parent, spawn_key)
    WHERE spawn_key IS NOT NULL AND deleted_at IS NULL;
CREATE INDEX jobs_wanting ON jobs (tenant, limit_key) WHERE wants_place;
CREATE INDEX jobs_launched ON jobs (tenant, session) WHERE launched AND ended_at IS NULL AND deleted_at IS NULL;
CREATE UNIQUE INDEX jobs_one_rollback ON jobs (tenant, rollback_of)
    WHERE rollback_of IS NOT NULL AND ended_at IS NULL AND deleted_at IS NULL;
CREATE INDEX jobs_rollback_of ON jobs (tenant, rollback_of) WHERE rollback_of IS NOT NULL;
CREATE INDEX attempts_late ON attempts (tenant) WHERE late_writes > 0;

ALTER TABLE types ADD COLUMN keep_s double precision;  -- its ended jobs go after so long
ALTER TABLE types ADD COLUMN keep_after text;  -- as that of sessions

ALTER TABLE items ADD COLUMN position bigint NOT NULL DEFAULT 0;  -- the order in which they were added
ALTER TABLE items ADD COLUMN status_code bigint;  -- of the answer that it got, as HTTP counts
ALTER TABLE items ADD COLUMN duplicate_of text;  -- the key of the first item with the same hash
ALTER TABLE items ADD COLUMN forgiven bigint NOT NULL DEFAULT 0;  -- of its attempts: those before a user's last retry
CREATE INDEX items_left ON items (tenant, job, ledger, state, position) WHERE state <> 'done';
CREATE INDEX items_hash ON items (tenant, job, ledger, hash, position) WHERE hash IS NOT NULL;

-- What a ledger holds in all: totals, written by the one attempt that works on it, in the transaction of its items.
CREATE TABLE ledgers (
    tenant     bigint NOT NULL,
    job        text    NOT NULL,
    ledger     text    NOT NULL,
    total      bigint NOT NULL DEFAULT 0,
    done       bigint NOT NULL DEFAULT 0,
    failed     bigint NOT NULL DEFAULT 0,
    skipped    bigint NOT NULL DEFAULT 0,
    duplicates bigint NOT NULL DEFAULT 0,
    size       double precision    NOT NULL DEFAULT 0,  -- of all
    size_done  double precision    NOT NULL DEFAULT 0,  -- of those that are done, failed or skipped
    size_saved double precision    NOT NULL DEFAULT 0,  -- of the duplicates
    position   bigint NOT NULL DEFAULT 0,  -- the last one given
    PRIMARY KEY (tenant, job, ledger),
    FOREIGN KEY (tenant, job) REFERENCES jobs (tenant, id)
);

ALTER TABLE steps ADD COLUMN undos bigint NOT NULL DEFAULT 0;  -- how many its job had recorded when it began or ended

-- Compensations, recorded before the effect that they undo; a rollback runs them from the last to the first.
CREATE TABLE undos (
    tenant      bigint NOT NULL,
    job         text    NOT NULL,
    position    bigint NOT NULL CHECK (position > 0),
    key         text    NOT NULL,  -- type and input: the same undo counts once per job
    type        text    NOT NULL,
    input       json    NOT NULL,
    step        text,              -- in which it was recorded
    state       text    NOT NULL CHECK (state IN ('recorded', 'done', 'failed')),
    error       json,
    recorded_at double precision    NOT NULL,
    ended_at    double precision,
    PRIMARY KEY (tenant, job, position),
    UNIQUE (tenant, job, key),
    FOREIGN KEY (tenant, job) REFERENCES jobs (tenant, id)
);
