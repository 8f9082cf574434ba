-- What is recorded of jobs that have stopped: their last attempt, the move by which they stopped, what they would go on
-- with, and what has changed since. "stop" is the last move; a pause is asked for before it.
SELECT j.id, a.outcome, a.error, a.started_at, a.ended_at, a.worker, w.host, w.pid, w.place, w.born, w.seen_at,
       (SELECT e.data FROM events AS e WHERE e.tenant = j.tenant AND e.job = j.id AND e.kind = 'move'
         ORDER BY e.seq DESC LIMIT 1) AS stop,
       (SELECT e.data FROM events AS e WHERE e.tenant = j.tenant AND e.job = j.id AND e.kind = 'move'
           AND e.name = 'pause' ORDER BY e.seq DESC LIMIT 1) AS pause,
       (SELECT max(c.saved_at) FROM checkpoints AS c WHERE c.tenant = j.tenant AND c.job = j.id
           AND c.kind IN ('state', 'cursor')) AS saved_at,
       (SELECT sum(CAST(c.value ->> 'done' AS bigint)) FROM checkpoints AS c WHERE c.tenant = j.tenant AND c.job = j.id
           AND c.kind = 'cursor') AS members,
       (SELECT count(*) FROM steps AS s WHERE s.tenant = j.tenant AND s.job = j.id AND s.state = 'completed') AS steps,
       (SELECT max(s.ended_at) FROM steps AS s WHERE s.tenant = j.tenant AND s.job = j.id
           AND s.state = 'completed') AS step_at,
       (SELECT s.name FROM steps AS s WHERE s.tenant = j.tenant AND s.job = j.id AND s.state IN ('running', 'failed')
           AND s.attempt = j.attempt ORDER BY s.started_at DESC, s.position DESC LIMIT 1) AS step,
       (SELECT sum(l.done + l.skipped) FROM ledgers AS l WHERE l.tenant = j.tenant AND l.job = j.id) AS items,
       (SELECT sum(l.total) FROM ledgers AS l WHERE l.tenant = j.tenant AND l.job = j.id) AS items_total,
       (SELECT count(*) FROM jobs AS c WHERE c.tenant = j.tenant AND c.parent = j.id
           AND c.deleted_at IS NULL) AS children,
       o.config_version, o.closed_at
  FROM jobs AS j
  LEFT JOIN attempts AS a ON a.tenant = j.tenant AND a.job = j.id AND a.attempt = j.attempt
  LEFT JOIN workers AS w ON w.id = a.worker
  LEFT JOIN sessions AS o ON o.tenant = j.tenant AND o.id = j.session
 WHERE j.tenant = :tenant AND {in j.id :jobs}
