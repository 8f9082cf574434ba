SELECT name, position, state, weight, optional, attempt, started_at, ended_at, result, error FROM steps
 WHERE tenant = :tenant AND job = :job
 ORDER BY position, name
