-- Take what a runner reports, if its attempt may still write. The test stands on the updated row: a fence read from
-- anywhere else lets a late write pass after a wait. A serial that is stored already is a repeat; a
-- process that has joined the job of another brings none.
UPDATE jobs SET
    seq = jobs.seq + r.events, serial = COALESCE(r.serial, jobs.serial), version = jobs.version + 1,
    progress = COALESCE(r.progress, jobs.progress),
    warnings = jobs.warnings + r.warnings,
    losses = CASE WHEN r.advanced THEN 0 ELSE jobs.losses END,
    delivered_at = COALESCE(r.delivered_at, jobs.delivered_at)
  FROM {rows(tenant bigint, id text, attempt bigint, serial bigint, events bigint, progress json, warnings bigint, advanced boolean, delivered_at float8)}
 WHERE jobs.tenant = r.tenant AND jobs.id = r.id AND jobs.attempt = r.attempt
   AND (r.serial IS NULL OR jobs.serial < r.serial)
   AND jobs.state IN ('running', 'pausing', 'cancelling') AND jobs.deleted_at IS NULL
RETURNING jobs.id, jobs.attempt, jobs.seq, jobs.state, jobs.version
