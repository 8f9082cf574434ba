SELECT {job_columns} FROM jobs
 WHERE jobs.tenant = :tenant AND jobs.parent = :parent AND jobs.spawn_key = :spawn_key AND jobs.deleted_at IS NULL
