-- What a worker holds: after a lost answer to a claim it takes up what it was given.
SELECT {job_columns} FROM jobs
 WHERE jobs.state IN ('running', 'pausing', 'cancelling') AND jobs.worker = :worker AND jobs.deleted_at IS NULL
