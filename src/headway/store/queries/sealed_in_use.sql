-- What is sealed and still to be opened: configurations of sessions that are not closed, and the newest inputs of jobs
-- that are not over.
SELECT CAST(s.config AS text) FROM sessions AS s
 WHERE s.tenant = :tenant AND s.closed_at IS NULL AND CAST(s.config AS text) {like} '%"sealed"%'
UNION ALL
SELECT sealed FROM (
    SELECT CAST(jobs.input AS text) AS sealed FROM jobs {by jobs_open}
     WHERE jobs.tenant = :tenant AND jobs.ended_at IS NULL AND jobs.deleted_at IS NULL
       AND CAST(jobs.input AS text) {like} '%"sealed"%'
     ORDER BY jobs.id DESC LIMIT :limit) AS inputs
