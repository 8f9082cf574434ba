SELECT id FROM jobs WHERE tenant = :tenant ORDER BY id DESC LIMIT 1
