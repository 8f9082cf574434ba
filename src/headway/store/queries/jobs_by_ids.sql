SELECT {job_columns} FROM jobs
 WHERE jobs.tenant = :tenant AND {in jobs.id :ids} AND jobs.deleted_at IS NULL
