-- A job that waited goes on; the transaction that says so takes a place under its limit, or is rolled back.
UPDATE jobs SET waiting = false, wants_place = false, version = jobs.version + 1
 WHERE jobs.tenant = :tenant AND jobs.id = :id AND jobs.attempt = :attempt
   AND jobs.state = 'running' AND jobs.waiting AND jobs.deleted_at IS NULL
RETURNING jobs.limit_key
