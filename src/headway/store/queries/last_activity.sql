-- A command that was refused has changed nothing: it is in the history, and is no activity of the job.
SELECT (SELECT e.at FROM events AS e WHERE e.tenant = :tenant AND e.job = :job
           AND NOT (e.kind = 'control' AND e.name = 'refused') ORDER BY e.seq DESC LIMIT 1),
       (SELECT l.at FROM logs AS l WHERE l.tenant = :tenant AND l.job = :job ORDER BY l.seq DESC LIMIT 1)
