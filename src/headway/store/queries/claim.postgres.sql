-- Hand the first ready jobs of these queues and types to one worker, under a lease.
-- The first n of each lane, then the best n of those. SKIP LOCKED: workers that claim at the same moment take
-- different jobs instead of waiting for each other.
WITH ready AS (
    SELECT c.tenant, c.id
      FROM unnest(:lane_queues::text[], :lane_types::text[]) AS lane(queue, type)
     CROSS JOIN LATERAL (
        SELECT j.tenant, j.id, j.priority FROM jobs AS j
         WHERE j.tenant = :tenant AND j.queue = lane.queue AND j.type = lane.type
           AND j.state = 'pending' AND j.due_at IS NULL AND NOT j.outside AND j.deleted_at IS NULL
         ORDER BY j.priority DESC, j.id LIMIT :n
           FOR NO KEY UPDATE SKIP LOCKED) AS c
     ORDER BY c.priority DESC, c.id LIMIT :n)
UPDATE jobs SET
    previous = state, state = 'running', state_since = :now, attempt = attempt + 1, worker = :worker, serial = 0,
    lease_until = {lease_now} + :lease_s, active_since = {lease_now}, delivered_at = NULL, unconfirmed_until = NULL,
    timeout_s = COALESCE(timeout_s, (SELECT t.timeout_s FROM types AS t WHERE t.tenant = jobs.tenant AND t.type = jobs.type)),
    deadline_at = {lease_now} - active_s
                + COALESCE(timeout_s, (SELECT t.timeout_s FROM types AS t WHERE t.tenant = jobs.tenant AND t.type = jobs.type)),
    started_at = COALESCE(started_at, :now), seq = seq + 1, version = version + 1
  FROM ready
 WHERE jobs.tenant = ready.tenant AND jobs.id = ready.id AND jobs.state = 'pending'
RETURNING {job_columns}
