-- What the sweep must know of types whose code it does not have. Where the time to keep jobs is another one, the sweep
-- brings those that have ended up to date.
INSERT INTO types (tenant, type, recover, timeout_s, keep_s, keep_after)
SELECT r.tenant, r.type, r.recover, r.timeout_s, r.keep_s, CASE WHEN r.keep_s IS NOT NULL THEN '' END
  FROM {rows(tenant bigint, type text, recover boolean, timeout_s float8, keep_s float8)}
 WHERE true  -- tells SQLite's parser that what follows is not the ON of a join
ON CONFLICT (tenant, type) DO UPDATE SET
    recover = excluded.recover, timeout_s = excluded.timeout_s, keep_s = excluded.keep_s,
    keep_after = CASE WHEN types.keep_s IS DISTINCT FROM excluded.keep_s THEN '' ELSE types.keep_after END
