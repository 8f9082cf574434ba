SELECT {job_columns} FROM jobs
 WHERE jobs.tenant = :tenant AND jobs.parent = :parent AND jobs.deleted_at IS NULL
   AND jobs.id > :after --? after
 ORDER BY jobs.id LIMIT :limit
