SELECT {job_columns} FROM jobs
 WHERE jobs.tenant = :tenant AND {in jobs.parent :parents} AND jobs.deleted_at IS NULL
 ORDER BY jobs.id
