-- A job begins to wait for its children. It keeps its lease, and holds no place under its limit meanwhile.
UPDATE jobs SET waiting = true, wants_place = false, version = jobs.version + 1
 WHERE jobs.tenant = :tenant AND jobs.id = :id AND jobs.attempt = :attempt
   AND jobs.state = 'running' AND NOT jobs.waiting AND jobs.deleted_at IS NULL
RETURNING jobs.limit_key
