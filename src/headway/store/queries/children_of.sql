SELECT {job_columns} FROM jobs {by jobs_parent}
 WHERE jobs.tenant = :tenant AND {in jobs.parent :parents} AND jobs.parent IS NOT NULL
   AND jobs.deleted_at IS NULL
 ORDER BY jobs.id
