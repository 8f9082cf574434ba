-- The jobs whose numbers lie next to a number. The plus keeps SQLite from taking a key that begins with the tenant for
-- narrow: the number is its key already.
SELECT * FROM (SELECT {job_columns} FROM jobs
                WHERE jobs.number < :number AND +jobs.tenant = :tenant AND jobs.deleted_at IS NULL
                ORDER BY jobs.number DESC LIMIT :limit) AS below
UNION ALL
SELECT * FROM (SELECT {job_columns} FROM jobs
                WHERE jobs.number > :number AND +jobs.tenant = :tenant AND jobs.deleted_at IS NULL
                ORDER BY jobs.number LIMIT :limit) AS above
