-- Renew leases. A job that is not returned is lost to this attempt.
UPDATE jobs SET lease_until = {lease_now} + r.lease_s
  FROM {rows(tenant bigint, id text, attempt bigint, lease_s float8)}
 WHERE jobs.tenant = r.tenant AND jobs.id = r.id AND jobs.attempt = r.attempt
   AND jobs.state IN ('running', 'pausing', 'cancelling') AND jobs.deleted_at IS NULL
RETURNING jobs.id, jobs.attempt, jobs.state, jobs.version
