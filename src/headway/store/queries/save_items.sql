INSERT INTO items (tenant, job, ledger, key, position, state, attempts, value, size, hash, status_code, duplicate_of, data,
                   error, updated_at)
SELECT r.tenant, r.job, r.ledger, r.key, r.position, r.state, r.attempts, r.value, r.size, r.hash, r.status_code,
       r.duplicate_of, r.data, r.error, r.updated_at
  FROM {rows(tenant bigint, job text, ledger text, key text, position bigint, state text, attempts bigint, value json, size float8, hash text, status_code bigint, duplicate_of text, data json, error json, updated_at float8)}
 WHERE true  -- tells SQLite's parser that what follows is not the ON of a join
ON CONFLICT (tenant, job, ledger, key) DO UPDATE SET
    state = excluded.state, attempts = excluded.attempts, size = excluded.size, hash = excluded.hash,
    status_code = excluded.status_code, duplicate_of = excluded.duplicate_of,
    data = excluded.data, error = excluded.error, updated_at = excluded.updated_at
