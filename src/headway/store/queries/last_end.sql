SELECT max(ended_at) FROM jobs WHERE tenant = :tenant AND session = :session AND deleted_at IS NULL
