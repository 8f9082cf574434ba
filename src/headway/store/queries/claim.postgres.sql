-- Hand the first ready jobs of these queues and types to one worker, under a lease.
-- The first n of each lane, then the best n of those. SKIP LOCKED: workers that claim at the same moment take
-- different jobs instead of waiting for each other. Jobs under a limit have an index of their own, in which the keys
-- are hopped over; the rows of limits with room are locked by key, so that what is read of them holds until the count
-- is changed; who waited for children and would go on is given the room first. A claim never waits for a job while it holds them, so nobody waits in a circle.
-- A rollback runs undos of any number and type: the time limit of its own type is that of one.
-- What is given stands in selects of its own, where the planner does not look: a plan for these lanes is no better than
-- that for any, and is kept, since to plan this costs more than to run it. LIMIT 200, the most that is ever asked for,
-- has it follow the order of the index. What is asked of nth_given is always true: see rows in store/sql.py.
-- What is joined to the state at the end keeps it from all that is pending, for each.
WITH RECURSIVE keys(key) AS (
    SELECT min(limit_key) FROM jobs
     WHERE tenant = :tenant AND state = 'pending' AND due_at IS NULL AND NOT outside AND limit_key IS NOT NULL
    UNION ALL
    SELECT (SELECT min(limit_key) FROM jobs
             WHERE tenant = :tenant AND state = 'pending' AND due_at IS NULL AND NOT outside AND limit_key > keys.key)
      FROM keys WHERE keys.key IS NOT NULL),
room AS (
    SELECT l.key, GREATEST(0, l.most - l.used - (
               SELECT count(*) FROM jobs AS w WHERE w.tenant = :tenant AND w.limit_key = l.key AND w.wants_place
                                                AND w.state = 'running')) AS places
      FROM limits AS l
     WHERE l.tenant = :tenant AND l.used < l.most AND l.key IN (SELECT keys.key FROM keys)
     ORDER BY l.key FOR UPDATE),
limited AS (
    SELECT c.id, c.priority FROM room
     CROSS JOIN LATERAL (
        SELECT d.id, d.priority
          FROM unnest((SELECT :lane_queues::text[]), (SELECT :lane_types::text[])) AS lane(queue, type)
         CROSS JOIN LATERAL (
            SELECT f.id, f.priority FROM (
                SELECT j.id, j.priority FROM jobs AS j
                 WHERE j.tenant = :tenant AND j.limit_key = room.key AND j.queue = lane.queue AND j.type = lane.type
                   AND j.state = 'pending' AND j.due_at IS NULL AND NOT j.outside AND j.deleted_at IS NULL
                   AND j.root = :root --? root
                 ORDER BY j.priority DESC, j.id LIMIT 200
                   FOR NO KEY UPDATE SKIP LOCKED) AS f
             LIMIT (SELECT :n::bigint)) AS d
         ORDER BY d.priority DESC, d.id LIMIT room.places) AS c),
free AS (
    SELECT c.id, c.priority
      FROM unnest((SELECT :lane_queues::text[]), (SELECT :lane_types::text[])) AS lane(queue, type)
     CROSS JOIN LATERAL (
        SELECT f.id, f.priority FROM (
            SELECT j.id, j.priority FROM jobs AS j
             WHERE j.tenant = :tenant AND j.queue = lane.queue AND j.type = lane.type
               AND j.state = 'pending' AND j.due_at IS NULL AND NOT j.outside AND j.limit_key IS NULL
               AND j.deleted_at IS NULL
               AND j.root = :root --? root
             ORDER BY j.priority DESC, j.id LIMIT 200
               FOR NO KEY UPDATE SKIP LOCKED) AS f
         LIMIT (SELECT :n::bigint)) AS c),
ready AS (
    SELECT best.id, row_number() OVER () AS nth_given FROM (
        SELECT id, priority FROM free UNION ALL SELECT id, priority FROM limited
         ORDER BY priority DESC, id LIMIT (SELECT :n::bigint)) AS best)
UPDATE jobs SET
    previous = state, state = 'running', state_since = :now, attempt = attempt + 1, worker = :worker, serial = 0,
    lease_until = {lease_now} + :lease_s, active_since = {lease_now}, delivered_at = NULL, unconfirmed_until = NULL,
    waiting = false, wants_place = false, known_attempt = attempt + 1,
    timeout_s = COALESCE(timeout_s, (SELECT t.timeout_s FROM types AS t WHERE t.tenant = jobs.tenant AND t.type = jobs.type AND jobs.rollback_of IS NULL)),
    deadline_at = {lease_now} - active_s
                + COALESCE(timeout_s, (SELECT t.timeout_s FROM types AS t WHERE t.tenant = jobs.tenant AND t.type = jobs.type AND jobs.rollback_of IS NULL)),
    started_at = COALESCE(started_at, :now), seq = seq + 1, version = version + 1
  FROM ready
 WHERE jobs.tenant = :tenant AND jobs.id = ready.id AND jobs.state || '' = 'pending'
   AND ready.nth_given BETWEEN 1 AND 2147483647
RETURNING {job_columns}
