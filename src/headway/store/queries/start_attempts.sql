INSERT INTO attempts (tenant, job, attempt, worker, started_at)
SELECT r.tenant, r.job, r.attempt, r.worker, r.started_at
  FROM {rows(tenant bigint, job text, attempt bigint, worker text, started_at float8)}
