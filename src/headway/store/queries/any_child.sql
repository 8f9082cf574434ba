SELECT 1 FROM jobs WHERE jobs.tenant = :tenant AND jobs.parent = :parent AND jobs.deleted_at IS NULL LIMIT 1
