-- What the web pages ask for. Only adds: processes of the previous release write on.

-- How far a worker's own clock is ahead of the database's, in seconds.
ALTER TABLE workers ADD COLUMN clock_skew_s double precision;

-- Jobs that a person may send on, the newest stop first: what waits for recovery, and what has failed lately.
CREATE INDEX jobs_resumable ON jobs (tenant, state, state_since, id)
    WHERE state IN ('interrupted', 'paused', 'failed') AND deleted_at IS NULL;

-- Attempts that were cut off, the newest first.
CREATE INDEX attempts_cut_off ON attempts (tenant, ended_at) WHERE outcome IN ('lose', 'leave');
