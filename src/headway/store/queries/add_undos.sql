-- What a job has recorded to be undone, in the order in which it said so. The same undo counts once, also where
-- another attempt or a process that has joined the job says it again. The job's row is locked by the report.
INSERT INTO undos (tenant, job, position, key, type, input, step, state, recorded_at)
SELECT r.tenant, r.job,
       (SELECT COALESCE(max(u.position), 0) FROM undos AS u WHERE u.tenant = r.tenant AND u.job = r.job)
       + row_number() OVER (PARTITION BY r.job ORDER BY r.place),
       r.key, r.type, r.input, r.step, 'recorded', r.recorded_at
  FROM {rows(tenant bigint, job text, place bigint, key text, type text, input json, step text, recorded_at float8)}
 WHERE NOT EXISTS (SELECT 1 FROM undos AS u WHERE u.tenant = r.tenant AND u.job = r.job AND u.key = r.key)
RETURNING job
