-- What the sweep must know of types whose code it does not have.
INSERT INTO types (tenant, type, recover, timeout_s, keep_s)
SELECT r.tenant, r.type, r.recover, r.timeout_s, r.keep_s
  FROM {rows(tenant bigint, type text, recover boolean, timeout_s float8, keep_s float8)}
 WHERE true  -- tells SQLite's parser that what follows is not the ON of a join
ON CONFLICT (tenant, type) DO UPDATE SET recover = excluded.recover, timeout_s = excluded.timeout_s, keep_s = excluded.keep_s
