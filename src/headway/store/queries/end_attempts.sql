UPDATE attempts SET ended_at = r.ended_at, outcome = r.outcome, error = r.error
  FROM {rows(tenant bigint, job text, attempt bigint, ended_at float8, outcome text, error json)}
 WHERE attempts.tenant = r.tenant AND attempts.job = r.job AND attempts.attempt = r.attempt AND attempts.ended_at IS NULL
