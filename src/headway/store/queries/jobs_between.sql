-- Jobs by the beginning of their ids, the newest first. Both bounds are whole ids, so that every collation agrees.
SELECT {job_columns} FROM jobs
 WHERE jobs.tenant = :tenant AND jobs.id >= :low AND jobs.id <= :high AND jobs.deleted_at IS NULL
 ORDER BY jobs.id DESC LIMIT :limit
