-- The process of an outside job takes its own job: nobody else ever does.
UPDATE jobs SET
    previous = state, state = 'running', state_since = :now, attempt = attempt + 1, worker = :worker, serial = 0,
    lease_until = {lease_now} + :lease_s, active_since = {lease_now}, delivered_at = NULL, unconfirmed_until = NULL,
    deadline_at = {lease_now} + timeout_s - active_s, due_at = NULL, waiting = false,
    started_at = COALESCE(started_at, :now), seq = seq + 1, version = version + 1
 WHERE tenant = :tenant AND id = :id AND state = 'pending' AND deleted_at IS NULL
RETURNING {job_columns}
