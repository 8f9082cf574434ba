-- What the web pages ask for. Only adds: processes of the previous release write on.

-- How far a worker's own clock is ahead of the database's, in seconds.
ALTER TABLE workers ADD COLUMN clock_skew_s double precision;

-- Jobs that a person may send on, the newest stop first: what waits for recovery, and what has failed lately.
CREATE INDEX jobs_resumable ON jobs (tenant, state, state_since, id)
    WHERE state IN ('interrupted', 'paused', 'failed') AND deleted_at IS NULL;

-- Attempts that were cut off, the newest first.
CREATE INDEX attempts_cut_off ON attempts (tenant, ended_at) WHERE outcome IN ('lose', 'leave');

-- Lists by time: what has one, in each state. What has none yet is listed by its id.
CREATE INDEX jobs_ended ON jobs (tenant, state, ended_at, id) WHERE ended_at IS NOT NULL AND deleted_at IS NULL;
CREATE INDEX jobs_started ON jobs (tenant, state, started_at, id) WHERE started_at IS NOT NULL AND deleted_at IS NULL;
CREATE INDEX jobs_unstarted ON jobs (tenant, id) WHERE started_at IS NULL AND deleted_at IS NULL;

-- Filters of lists: whose job, below which one, with an error.
CREATE INDEX jobs_owner ON jobs (tenant, owner, id) WHERE owner IS NOT NULL;
CREATE INDEX jobs_below ON jobs (tenant, root, id) WHERE parent IS NOT NULL;
CREATE INDEX jobs_with_error ON jobs (tenant, id) WHERE error IS NOT NULL AND deleted_at IS NULL;

-- Searched by hand: what a key stands for.
CREATE INDEX idempotency_key ON idempotency (tenant, key);

-- What begins with some characters, whatever the language that the database sorts by.
CREATE INDEX aliases_beginning ON aliases (tenant, text text_pattern_ops);
CREATE INDEX sessions_beginning ON sessions (tenant, id text_pattern_ops) WHERE closed_at IS NULL;
