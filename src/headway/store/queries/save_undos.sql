-- An undo is recorded once; a rollback tells what became of it.
INSERT INTO undos (tenant, job, position, key, type, input, step, state, error, recorded_at, ended_at)
SELECT r.tenant, r.job, r.position, r.key, r.type, r.input, r.step, r.state, r.error, r.recorded_at, r.ended_at
  FROM {rows(tenant bigint, job text, position bigint, key text, type text, input json, step text, state text, error json, recorded_at float8, ended_at float8)}
 WHERE true  -- tells SQLite's parser that what follows is not the ON of a join
ON CONFLICT (tenant, job, position) DO UPDATE SET
    state = excluded.state, error = excluded.error, ended_at = excluded.ended_at
