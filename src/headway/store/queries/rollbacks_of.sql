-- The jobs that have rolled a job back, or tried to, the newest first.
SELECT {job_columns} FROM jobs {by jobs_rollback_of}
 WHERE jobs.tenant = :tenant AND jobs.rollback_of = :job AND jobs.deleted_at IS NULL
 ORDER BY jobs.id DESC LIMIT 1
