-- The open job that the start of this session has launched.
SELECT {job_columns} FROM jobs
 WHERE jobs.tenant = :tenant AND jobs.session = :session AND jobs.launched AND jobs.ended_at IS NULL
   AND jobs.deleted_at IS NULL
   AND jobs.type = :type --? type
 ORDER BY jobs.id LIMIT 1
