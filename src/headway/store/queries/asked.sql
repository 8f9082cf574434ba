-- Has anything been asked of these jobs?
SELECT jobs.id, jobs.attempt, jobs.state, jobs.version, jobs.worker FROM jobs
 WHERE jobs.tenant = :tenant AND {in jobs.id :ids}
