SELECT jobs.id, jobs.id, jobs.number, jobs.name, jobs.state, jobs.ended_at IS NULL, jobs.pinned FROM jobs
 WHERE jobs.tenant = :tenant AND {in jobs.id :ids} AND jobs.deleted_at IS NULL
