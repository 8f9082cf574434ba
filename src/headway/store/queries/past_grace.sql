-- Cancelled, told so, and still at work.
SELECT tenant, id, attempt, lease_until FROM jobs
 WHERE state = 'cancelling' AND deleted_at IS NULL AND (delivered_at < :told_before OR state_since < :asked_before)
 ORDER BY id LIMIT :limit
