-- What tells whether a job has changed: no more, for whoever follows many asks it often.
SELECT jobs.id, jobs.version, jobs.seq FROM jobs
 WHERE jobs.tenant = :tenant AND {in jobs.id :ids} AND jobs.deleted_at IS NULL
