-- Log lines: numbered with the events of their job, kept apart from them.
INSERT INTO logs (tenant, job, seq, at, kind, name, attempt, data)
SELECT r.tenant, r.job, r.seq, r.at, r.kind, r.name, r.attempt, r.data
  FROM {rows(tenant bigint, job text, seq bigint, at float8, kind text, name text, attempt bigint, data json)}
