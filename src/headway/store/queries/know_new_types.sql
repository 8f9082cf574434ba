-- Types whose runners are no processes that Headway knows: they recover by themselves, unless a worker has said else.
INSERT INTO types (tenant, type, recover, timeout_s, keep_s)
SELECT r.tenant, r.type, true, NULL, NULL
  FROM {rows(tenant bigint, type text)}
 WHERE true  -- tells SQLite's parser that what follows is not the ON of a join
ON CONFLICT (tenant, type) DO NOTHING
