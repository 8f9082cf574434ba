-- The one statement that changes a state (a claim apart). The table of moves decides where each move leads; a move
-- that it does not hold changes no row. A runner's move carries attempt and serial: that is its fence. The sweep's
-- carries the lease it saw, so that a heartbeat in between keeps the job.
UPDATE jobs SET
    previous = jobs.state, state = m.target, state_since = r.at,
    seq = jobs.seq + r.events, serial = COALESCE(r.serial, jobs.serial), version = jobs.version + 1,
    ended_at = CASE WHEN s.ended THEN r.at END,
    active_s = jobs.active_s + CASE
        WHEN s.executing OR jobs.lease_until IS NULL THEN 0
        WHEN r.heard_at IS NOT NULL  -- the runner was lost: to its last sign of life
        THEN {lease_now} - (r.at - r.heard_at) - jobs.active_since
        ELSE {lease_now} - jobs.active_since END,
    lease_until = CASE WHEN s.executing THEN jobs.lease_until END,
    active_since = CASE WHEN s.executing THEN jobs.active_since END,
    deadline_at = CASE WHEN s.executing THEN jobs.deadline_at END,
    delivered_at = NULL,
    result = COALESCE(r.result, jobs.result),
    error = CASE WHEN r.error IS NOT NULL THEN r.error
                 WHEN m.target = 'completed' OR r.move = 'retry' THEN NULL ELSE jobs.error END,
    progress = COALESCE(r.progress, jobs.progress),
    due_at = r.due_at,
    retries_used = CASE WHEN r.move = 'back_off' THEN jobs.retries_used + 1
                        WHEN r.actor = 'user' AND r.move = 'retry' THEN 0 ELSE jobs.retries_used END,
    losses = CASE WHEN r.move = 'lose' THEN jobs.losses + 1
                  WHEN r.actor = 'user' AND r.move IN ('retry', 'resume') THEN 0 ELSE jobs.losses END,
    expires_at = CASE WHEN s.ended AND {expires} THEN r.at + {keep_s} END,
    unconfirmed_until = CASE WHEN s.executing THEN NULL ELSE COALESCE(r.unconfirmed_until, jobs.unconfirmed_until) END
  FROM {rows(tenant bigint, id text, actor text, move text, at float8, events bigint, attempt bigint, serial bigint, seen_lease float8, heard_at float8, result json, error json, progress json, due_at float8, unconfirmed_until float8)}
  JOIN moves AS m ON m.actor = r.actor AND m.move = r.move
  JOIN states AS s ON s.state = m.target
 WHERE jobs.tenant = r.tenant AND jobs.id = r.id AND jobs.state = m.source AND jobs.deleted_at IS NULL
   AND (r.attempt IS NULL OR jobs.attempt = r.attempt)
   AND (r.serial IS NULL OR jobs.serial < r.serial)
   AND (r.seen_lease IS NULL OR jobs.lease_until = r.seen_lease)
RETURNING jobs.id, jobs.attempt, jobs.seq, jobs.previous, jobs.state, jobs.session, jobs.limit_key, jobs.waiting, jobs.rollback_of
