DELETE FROM jobs WHERE tenant = :tenant AND {in jobs.id :jobs} AND deleted_at IS NOT NULL
