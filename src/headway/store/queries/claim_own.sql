-- One job is taken by its id: an outside job by its own process, a child by the thread that waits for it.
UPDATE jobs SET
    previous = state, state = 'running', state_since = :now, attempt = attempt + 1, worker = :worker, serial = 0,
    lease_until = {lease_now} + :lease_s, active_since = {lease_now}, delivered_at = NULL, unconfirmed_until = NULL,
    timeout_s = COALESCE(timeout_s, (SELECT t.timeout_s FROM types AS t WHERE t.tenant = jobs.tenant AND t.type = jobs.type)),
    deadline_at = {lease_now} - active_s
                + COALESCE(timeout_s, (SELECT t.timeout_s FROM types AS t WHERE t.tenant = jobs.tenant AND t.type = jobs.type)),
    due_at = NULL, waiting = false, wants_place = false, known_attempt = attempt + 1,
    started_at = COALESCE(started_at, :now), seq = seq + 1, version = version + 1
 WHERE tenant = :tenant AND id = :id AND state = 'pending' AND deleted_at IS NULL
RETURNING {job_columns}
