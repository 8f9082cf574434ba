-- The undos of a job that are done, or that are not, in the order of a rollback.
SELECT position, key, type, input, step, state, error, recorded_at, ended_at FROM undos
 WHERE tenant = :tenant AND job = :job AND (state = 'done') = :done
 ORDER BY position DESC LIMIT :limit
