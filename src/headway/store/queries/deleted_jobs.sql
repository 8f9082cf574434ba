SELECT tenant, id FROM jobs WHERE deleted_at IS NOT NULL ORDER BY deleted_at LIMIT :limit
