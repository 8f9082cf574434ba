SELECT tenant, id, attempt, lease_until, worker FROM jobs
 WHERE state IN ('running', 'pausing', 'cancelling') AND lease_until < {lease_now} AND deleted_at IS NULL
 ORDER BY id LIMIT :limit
