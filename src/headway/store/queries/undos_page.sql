SELECT position, key, type, input, step, state, error, recorded_at, ended_at FROM undos
 WHERE tenant = :tenant AND job = :job AND position > :after
 ORDER BY position LIMIT :limit
