-- What lies directly below these jobs: their children, and the rollback of each. Two parts, since an OR finds no index.
SELECT jobs.parent, jobs.id, jobs.number, jobs.name, jobs.state, jobs.ended_at IS NULL, jobs.pinned FROM jobs
 WHERE jobs.tenant = :tenant AND {in jobs.parent :ids} AND jobs.parent IS NOT NULL AND jobs.deleted_at IS NULL
 UNION ALL
SELECT jobs.rollback_of, jobs.id, jobs.number, jobs.name, jobs.state, jobs.ended_at IS NULL, jobs.pinned FROM jobs
 WHERE jobs.tenant = :tenant AND {in jobs.rollback_of :ids} AND jobs.rollback_of IS NOT NULL AND jobs.deleted_at IS NULL
