-- By the last characters of an id; two are enough to know that it is not unique.
SELECT {job_columns} FROM jobs
 WHERE jobs.tenant = :tenant AND substr(jobs.id, 31) = :last6 AND substr(jobs.id, 37 - :length) = :tail
   AND jobs.deleted_at IS NULL
 LIMIT 2
