-- Is there a job for these lanes? Lists reach PostgreSQL as arrays.
SELECT 1 FROM unnest(:lane_queues::text[], :lane_types::text[]) AS lane(queue, type)
 WHERE EXISTS (SELECT 1 FROM jobs AS c
                WHERE c.tenant = :tenant AND c.queue = lane.queue AND c.type = lane.type
                  AND c.state = 'pending' AND NOT c.outside AND c.deleted_at IS NULL
                  AND (c.due_at IS NULL OR c.due_at <= :now))
 LIMIT 1
