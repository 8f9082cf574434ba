-- What tells whether a job has changed: no more, for whoever follows many asks it often. The epoch is another one where
-- the database was put back from a copy: then numbers mean other events.
SELECT jobs.id, jobs.version, jobs.seq, (SELECT value FROM meta WHERE name = 'store') FROM jobs
 WHERE jobs.tenant = :tenant AND {in jobs.id :ids} AND jobs.deleted_at IS NULL
