SELECT number, name, deleted_at FROM jobs WHERE tenant = :tenant AND id = :id AND deleted_at IS NOT NULL
