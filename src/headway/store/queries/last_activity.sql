SELECT (SELECT e.at FROM events AS e WHERE e.tenant = :tenant AND e.job = :job ORDER BY e.seq DESC LIMIT 1),
       (SELECT l.at FROM logs AS l WHERE l.tenant = :tenant AND l.job = :job ORDER BY l.seq DESC LIMIT 1)
