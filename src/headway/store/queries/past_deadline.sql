SELECT tenant, id, attempt, lease_until FROM jobs
 WHERE state IN ('running', 'pausing') AND deadline_at < {lease_now} AND deleted_at IS NULL
 ORDER BY id LIMIT :limit
