-- The history of several jobs, each after a number of its own and up to another. The spans come as JSON, which each
-- database unfolds in its own way.
SELECT e.job, e.seq, e.at, e.kind, e.name, e.attempt, e.data
  FROM json_to_recordset(:spans::json) AS s(job text, after bigint, upto bigint)
  JOIN events AS e ON e.tenant = :tenant AND e.job = s.job AND e.seq > s.after AND e.seq <= s.upto
UNION ALL
SELECT l.job, l.seq, l.at, l.kind, l.name, l.attempt, l.data
  FROM json_to_recordset(:spans::json) AS s(job text, after bigint, upto bigint)
  JOIN logs AS l ON l.tenant = :tenant AND l.job = s.job AND l.seq > s.after AND l.seq <= s.upto
 ORDER BY 1, 2
