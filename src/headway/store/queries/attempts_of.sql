SELECT attempt, worker, started_at, ended_at, outcome, error FROM attempts
 WHERE tenant = :tenant AND job = :job AND attempt > :after
 ORDER BY attempt LIMIT :limit
