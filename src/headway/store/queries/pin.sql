-- A pinned job stays.
UPDATE jobs SET pinned = true, expires_at = NULL, seq = jobs.seq + 1, version = jobs.version + 1
 WHERE jobs.tenant = :tenant AND jobs.id = :id AND NOT jobs.pinned AND jobs.deleted_at IS NULL
RETURNING jobs.seq, jobs.attempt
