INSERT INTO checkpoints (tenant, job, kind, name, value, attempt, saved_at)
SELECT r.tenant, r.job, r.kind, r.name, r.value, r.attempt, r.saved_at
  FROM {rows(tenant bigint, job text, kind text, name text, value json, attempt bigint, saved_at float8)}
 WHERE true  -- tells SQLite's parser that what follows is not the ON of a join
ON CONFLICT (tenant, job, kind, name) DO UPDATE SET
    value = excluded.value, attempt = excluded.attempt, saved_at = excluded.saved_at
