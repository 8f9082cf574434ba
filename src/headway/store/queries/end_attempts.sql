UPDATE attempts SET
    ended_at = CASE WHEN r.ended_at < attempts.started_at THEN attempts.started_at ELSE r.ended_at END,
    outcome = r.outcome, error = r.error
  FROM {rows(tenant bigint, job text, attempt bigint, ended_at float8, outcome text, error json)}
 WHERE attempts.tenant = r.tenant AND attempts.job = r.job AND attempts.attempt = r.attempt AND attempts.ended_at IS NULL
