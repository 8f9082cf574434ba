-- Is there a job for these lanes? One under a limit counts where there is room for new ones. Lists reach SQLite as JSON.
-- The plus signs keep the planner to the short index of delayed jobs, away from all that a type has ever had.
WITH RECURSIVE keys(key) AS (
    SELECT min(limit_key) FROM jobs
     WHERE tenant = :tenant AND state = 'pending' AND due_at IS NULL AND outside = 0 AND limit_key IS NOT NULL
    UNION ALL
    SELECT (SELECT min(limit_key) FROM jobs
             WHERE tenant = :tenant AND state = 'pending' AND due_at IS NULL AND outside = 0 AND limit_key > keys.key)
      FROM keys WHERE keys.key IS NOT NULL)
SELECT 1 FROM json_each(:lanes) AS lane
 WHERE EXISTS (SELECT 1 FROM jobs AS c
                WHERE c.tenant = :tenant AND c.queue = lane.value ->> 0 AND c.type = lane.value ->> 1
                  AND c.state = 'pending' AND c.due_at IS NULL AND c.outside = 0 AND c.limit_key IS NULL
                  AND c.root = :root --? root
                  AND c.deleted_at IS NULL)
    OR EXISTS (SELECT 1 FROM jobs AS c
                WHERE c.state = 'pending' AND c.due_at IS NOT NULL AND c.due_at <= :now AND +c.tenant = :tenant
                  AND c.queue = lane.value ->> 0 AND +c.type = lane.value ->> 1 AND c.outside = 0
                  AND c.root = :root --? root
                  AND c.deleted_at IS NULL)
    OR EXISTS (SELECT 1 FROM keys CROSS JOIN limits AS l ON l.tenant = :tenant AND l.key = keys.key AND l.used < l.most
                      - (SELECT count(*) FROM jobs AS w
                          WHERE w.tenant = :tenant AND w.limit_key = l.key AND w.wants_place = 1 AND w.state = 'running')
                CROSS JOIN jobs AS c
                WHERE c.tenant = :tenant AND c.limit_key = l.key AND c.queue = lane.value ->> 0
                  AND c.type = lane.value ->> 1 AND c.state = 'pending' AND c.due_at IS NULL AND c.outside = 0
                  AND c.root = :root --? root
                  AND c.deleted_at IS NULL)
 LIMIT 1
