-- Something below them is open or pinned: they are looked at again later.
UPDATE jobs SET expires_at = :later WHERE tenant = :tenant AND {in jobs.id :ids} AND expires_at IS NOT NULL
