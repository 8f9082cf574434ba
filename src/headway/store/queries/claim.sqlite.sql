-- Hand the first ready jobs of these queues and types to one worker, under a lease.
-- The first n of each lane are sought in the index, then the best n of those: a long line of jobs that this worker
-- can not run is never walked. Jobs under a limit have an index of their own, in which the keys are hopped over, and
-- only as many of a key are taken as it has room for beside those who waited for their children and go on first. SQLite
-- has one writer at a time, so nothing needs to be locked.
-- A rollback runs undos of any number and type: the time limit of its own type is that of one.
WITH RECURSIVE keys(key) AS (
    SELECT min(limit_key) FROM jobs
     WHERE tenant = :tenant AND state = 'pending' AND due_at IS NULL AND outside = 0 AND limit_key IS NOT NULL
    UNION ALL
    SELECT (SELECT min(limit_key) FROM jobs
             WHERE tenant = :tenant AND state = 'pending' AND due_at IS NULL AND outside = 0 AND limit_key > keys.key)
      FROM keys WHERE keys.key IS NOT NULL),
limited(number, priority, id, place, room) AS (
    SELECT j.number, j.priority, j.id, row_number() OVER (PARTITION BY l.key ORDER BY j.priority DESC, j.id),
           l.most - l.used - (SELECT count(*) FROM jobs AS w WHERE w.tenant = :tenant AND w.limit_key = l.key
                                                               AND w.wants_place = 1 AND w.state = 'running')
      FROM keys CROSS JOIN limits AS l ON l.tenant = :tenant AND l.key = keys.key AND l.used < l.most
     CROSS JOIN json_each(:lanes) AS lane CROSS JOIN jobs AS j
     WHERE j.number IN (
        SELECT c.number FROM jobs AS c
         WHERE c.tenant = :tenant AND c.limit_key = l.key AND c.queue = lane.value ->> 0 AND c.type = lane.value ->> 1
           AND c.state = 'pending' AND c.due_at IS NULL AND c.outside = 0 AND c.deleted_at IS NULL
           AND c.root = :root --? root
         ORDER BY c.priority DESC, c.id LIMIT :n)),
free(number, priority, id) AS (
    SELECT j.number, j.priority, j.id FROM json_each(:lanes) AS lane CROSS JOIN jobs AS j
     WHERE j.number IN (
        SELECT c.number FROM jobs AS c
         WHERE c.tenant = :tenant AND c.queue = lane.value ->> 0 AND c.type = lane.value ->> 1
           AND c.state = 'pending' AND c.due_at IS NULL AND c.outside = 0 AND c.limit_key IS NULL
           AND c.deleted_at IS NULL
           AND c.root = :root --? root
         ORDER BY c.priority DESC, c.id LIMIT :n))
UPDATE jobs SET
    previous = state, state = 'running', state_since = :now, attempt = attempt + 1, worker = :worker, serial = 0,
    lease_until = {lease_now} + :lease_s, active_since = {lease_now}, delivered_at = NULL, unconfirmed_until = NULL,
    waiting = false, wants_place = false, known_attempt = attempt + 1,
    timeout_s = COALESCE(timeout_s, (SELECT t.timeout_s FROM types AS t WHERE t.tenant = jobs.tenant AND t.type = jobs.type AND jobs.rollback_of IS NULL)),
    deadline_at = {lease_now} - active_s
                + COALESCE(timeout_s, (SELECT t.timeout_s FROM types AS t WHERE t.tenant = jobs.tenant AND t.type = jobs.type AND jobs.rollback_of IS NULL)),
    started_at = COALESCE(started_at, :now), seq = seq + 1, version = version + 1
 WHERE number IN (
    SELECT number FROM (
        SELECT number, priority, id FROM free UNION ALL
        SELECT number, priority, id FROM limited WHERE place <= room)
     ORDER BY priority DESC, id LIMIT :n)
RETURNING {job_columns}
