-- Each keeps how many undos its job has recorded by now: what a rollback down to it leaves alone.
INSERT INTO steps (tenant, job, name, position, state, weight, optional, attempt, started_at, ended_at, result, error, undos)
SELECT r.tenant, r.job, r.name, r.position, r.state, r.weight, r.optional, r.attempt, r.started_at, r.ended_at, r.result, r.error,
       (SELECT j.undos FROM jobs AS j WHERE j.tenant = r.tenant AND j.id = r.job)
  FROM {rows(tenant bigint, job text, name text, position bigint, state text, weight float8, optional boolean, attempt bigint, started_at float8, ended_at float8, result json, error json)}
 WHERE true  -- tells SQLite's parser that what follows is not the ON of a join
ON CONFLICT (tenant, job, name) DO UPDATE SET
    state = excluded.state, weight = excluded.weight, optional = excluded.optional, attempt = excluded.attempt,
    started_at = excluded.started_at, ended_at = excluded.ended_at, result = excluded.result, error = excluded.error,
    undos = excluded.undos
 WHERE steps.state <> 'completed'  -- a recorded result is never replaced
