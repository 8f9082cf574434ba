-- Cancelled, told so, and still at work. The states of the index are named as a whole, as in past_deadline.sql.
SELECT tenant, id, attempt, lease_until FROM jobs {by jobs_executing}
 WHERE state IN ('running', 'pausing', 'cancelling') AND state = 'cancelling'
   AND deleted_at IS NULL AND (delivered_at < :told_before OR state_since < :asked_before)
 ORDER BY id LIMIT :limit
