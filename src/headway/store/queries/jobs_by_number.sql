SELECT {job_columns} FROM jobs
 WHERE jobs.number = :number AND jobs.tenant = :tenant AND jobs.deleted_at IS NULL
