-- The states of the index are named as a whole, so that SQLite sees that it serves.
SELECT tenant, id, attempt, lease_until FROM jobs {by jobs_executing}
 WHERE state IN ('running', 'pausing', 'cancelling') AND state <> 'cancelling'
   AND deadline_at < {lease_now} AND deleted_at IS NULL
 ORDER BY id LIMIT :limit
