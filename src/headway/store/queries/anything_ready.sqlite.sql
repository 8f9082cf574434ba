-- Is there a job for these lanes? Lists reach SQLite as JSON.
SELECT 1 FROM json_each(:lanes) AS lane
 WHERE EXISTS (SELECT 1 FROM jobs AS c
                WHERE c.tenant = :tenant AND c.queue = lane.value ->> 0 AND c.type = lane.value ->> 1
                  AND c.state = 'pending' AND c.outside = 0 AND c.deleted_at IS NULL
                  AND (c.due_at IS NULL OR c.due_at <= :now))
 LIMIT 1
