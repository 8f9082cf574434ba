-- When anything was last stored of what the runners of these jobs said: progress (a part of which is the time), a step,
-- a warning, a log line, a checkpoint. Moves and what a person has asked are no sign of life.
SELECT j.id, j.progress,
       (SELECT e.at FROM events AS e WHERE e.tenant = j.tenant AND e.job = j.id AND e.kind NOT IN ('move', 'control')
         ORDER BY e.seq DESC LIMIT 1),
       (SELECT l.at FROM logs AS l WHERE l.tenant = j.tenant AND l.job = j.id ORDER BY l.seq DESC LIMIT 1),
       (SELECT max(c.saved_at) FROM checkpoints AS c WHERE c.tenant = j.tenant AND c.job = j.id)
  FROM jobs AS j
 WHERE j.tenant = :tenant AND {in j.id :jobs}
