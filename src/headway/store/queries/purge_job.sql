DELETE FROM jobs WHERE tenant = :tenant AND id = :job AND deleted_at IS NOT NULL
