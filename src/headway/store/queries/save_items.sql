INSERT INTO items (tenant, job, ledger, key, state, attempts, value, size, hash, data, error, updated_at)
SELECT r.tenant, r.job, r.ledger, r.key, r.state, r.attempts, r.value, r.size, r.hash, r.data, r.error, r.updated_at
  FROM {rows(tenant bigint, job text, ledger text, key text, state text, attempts bigint, value json, size float8, hash text, data json, error json, updated_at float8)}
 WHERE true  -- tells SQLite's parser that what follows is not the ON of a join
ON CONFLICT (tenant, job, ledger, key) DO UPDATE SET
    state = excluded.state, attempts = excluded.attempts, size = excluded.size, hash = excluded.hash,
    data = excluded.data, error = excluded.error, updated_at = excluded.updated_at
