-- Is there a job for these lanes? One under a limit counts where there is room for new ones. Lists reach PostgreSQL as arrays.
-- Each part asks for the first job in the order of its index, not whether there is one: for that the planner would
-- read the whole table where its statistics are from before the jobs were done; what is joined to the type keeps it from
-- all jobs of one. The lanes stand in selects of their own: see claim.
WITH RECURSIVE keys(key) AS (
    SELECT min(limit_key) FROM jobs
     WHERE tenant = :tenant AND state = 'pending' AND due_at IS NULL AND NOT outside AND limit_key IS NOT NULL
    UNION ALL
    SELECT (SELECT min(limit_key) FROM jobs
             WHERE tenant = :tenant AND state = 'pending' AND due_at IS NULL AND NOT outside AND limit_key > keys.key)
      FROM keys WHERE keys.key IS NOT NULL)
SELECT 1 FROM unnest((SELECT :lane_queues::text[]), (SELECT :lane_types::text[])) AS lane(queue, type)
 WHERE (SELECT c.id FROM jobs AS c
         WHERE c.tenant = :tenant AND c.queue = lane.queue AND c.type = lane.type AND c.state = 'pending'
           AND c.due_at IS NULL AND NOT c.outside AND c.limit_key IS NULL AND c.deleted_at IS NULL
           AND c.root = :root --? root
         ORDER BY c.priority DESC, c.id LIMIT 1) IS NOT NULL
    OR (SELECT c.id FROM jobs AS c
         WHERE c.state = 'pending' AND c.due_at IS NOT NULL AND c.due_at <= :now AND c.tenant = :tenant
           AND c.queue = lane.queue AND c.type || '' = lane.type AND NOT c.outside AND c.deleted_at IS NULL
           AND c.root = :root --? root
         ORDER BY c.due_at LIMIT 1) IS NOT NULL
    OR EXISTS (SELECT 1 FROM keys JOIN limits AS l ON l.tenant = :tenant AND l.key = keys.key AND l.used < l.most
                      - (SELECT count(*) FROM jobs AS w
                          WHERE w.tenant = :tenant AND w.limit_key = l.key AND w.wants_place AND w.state = 'running')
                WHERE (SELECT c.id FROM jobs AS c
                        WHERE c.tenant = :tenant AND c.limit_key = l.key AND c.queue = lane.queue
                          AND c.type = lane.type AND c.state = 'pending' AND c.due_at IS NULL AND NOT c.outside
                          AND c.limit_key IS NOT NULL AND c.deleted_at IS NULL
                          AND c.root = :root --? root
                        ORDER BY c.priority DESC, c.id LIMIT 1) IS NOT NULL)
 LIMIT 1
