-- How many jobs hold a place under a limit.
SELECT count(*) FROM jobs
 WHERE tenant = :tenant AND state IN ('running', 'pausing', 'cancelling') AND limit_key = :key AND NOT waiting
   AND deleted_at IS NULL
