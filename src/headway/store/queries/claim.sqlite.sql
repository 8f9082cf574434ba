-- Hand the first ready jobs of these queues and types to one worker, under a lease.
-- The first n of each lane are sought in the index, then the best n of those: a long line of jobs that this worker
-- can not run is never walked. SQLite has one writer at a time, so nothing needs to be locked or skipped.
UPDATE jobs SET
    previous = state, state = 'running', state_since = :now, attempt = attempt + 1, worker = :worker, serial = 0,
    lease_until = {lease_now} + :lease_s, active_since = {lease_now}, delivered_at = NULL, unconfirmed_until = NULL,
    timeout_s = COALESCE(timeout_s, (SELECT t.timeout_s FROM types AS t WHERE t.tenant = jobs.tenant AND t.type = jobs.type)),
    deadline_at = {lease_now} - active_s
                + COALESCE(timeout_s, (SELECT t.timeout_s FROM types AS t WHERE t.tenant = jobs.tenant AND t.type = jobs.type)),
    started_at = COALESCE(started_at, :now), seq = seq + 1, version = version + 1
 WHERE number IN (
    SELECT j.number FROM json_each(:lanes) AS lane CROSS JOIN jobs AS j
     WHERE j.number IN (
        SELECT c.number FROM jobs AS c
         WHERE c.tenant = :tenant AND c.queue = lane.value ->> 0 AND c.type = lane.value ->> 1
           AND c.state = 'pending' AND c.due_at IS NULL AND c.outside = 0 AND c.deleted_at IS NULL
         ORDER BY c.priority DESC, c.id LIMIT :n)
     ORDER BY j.priority DESC, j.id LIMIT :n)
RETURNING {job_columns}
