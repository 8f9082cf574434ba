-- The newest log lines of a job, newest first.
SELECT seq, at, kind, name, attempt, data FROM logs
 WHERE tenant = :tenant AND job = :job
 ORDER BY seq DESC LIMIT :limit
