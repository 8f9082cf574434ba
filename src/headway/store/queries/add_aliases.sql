-- The same alias again is no error: whoever repeats a call says nothing new.
INSERT INTO aliases (tenant, text, kind, job, created_at)
SELECT r.tenant, r.text, r.kind, r.job, r.created_at
  FROM {rows(tenant bigint, text text, kind text, job text, created_at float8)}
 WHERE true  -- tells SQLite's parser that what follows is not the ON of a join
ON CONFLICT (tenant, text, kind, job) DO NOTHING
