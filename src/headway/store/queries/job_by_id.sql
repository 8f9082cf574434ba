SELECT {job_columns} FROM jobs
 WHERE jobs.tenant = :tenant AND jobs.id = :id AND jobs.deleted_at IS NULL
