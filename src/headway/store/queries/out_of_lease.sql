SELECT tenant, id, attempt, lease_until, worker, {lease_now} - lease_until FROM jobs
 WHERE state IN ('running', 'pausing', 'cancelling') AND lease_until < {lease_now} AND deleted_at IS NULL
 ORDER BY id LIMIT :limit
