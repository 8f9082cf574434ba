-- There was no place for a job that would go on: it gets the next one, before new jobs are claimed.
UPDATE jobs SET wants_place = true, version = jobs.version + 1
 WHERE jobs.tenant = :tenant AND jobs.id = :id AND jobs.attempt = :attempt AND jobs.waiting AND NOT jobs.wants_place
   AND jobs.state = 'running' AND jobs.deleted_at IS NULL
RETURNING jobs.id
