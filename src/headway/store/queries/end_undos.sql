-- What became of undos that a rollback has tried. What is undone stays so.
UPDATE undos SET state = r.state, error = r.error, ended_at = r.ended_at
  FROM {rows(tenant bigint, job text, position bigint, state text, error json, ended_at float8)}
 WHERE undos.tenant = r.tenant AND undos.job = r.job AND undos.position = r.position AND undos.state <> 'done'
