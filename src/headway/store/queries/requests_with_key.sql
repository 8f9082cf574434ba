-- What was asked for with an idempotency key, the newest first.
SELECT i.verb, {job_columns} FROM idempotency AS i {by idempotency_key}
  JOIN jobs ON jobs.tenant = i.tenant AND jobs.id = i.job
 WHERE i.tenant = :tenant AND i.key = :key AND jobs.deleted_at IS NULL
 ORDER BY i.created_at DESC LIMIT :limit
