-- The history of several jobs, each after a number of its own and up to another. The spans come as JSON, which each
-- database unfolds in its own way.
SELECT j.value ->> 'job' AS of, e.seq, e.at, e.kind, e.name, e.attempt, e.data
  FROM json_each(:spans) AS j CROSS JOIN events AS e ON e.tenant = :tenant AND e.job = j.value ->> 'job'
   AND e.seq > j.value ->> 'after' AND e.seq <= j.value ->> 'upto'
UNION ALL
SELECT j.value ->> 'job' AS of, l.seq, l.at, l.kind, l.name, l.attempt, l.data
  FROM json_each(:spans) AS j CROSS JOIN logs AS l ON l.tenant = :tenant AND l.job = j.value ->> 'job'
   AND l.seq > j.value ->> 'after' AND l.seq <= j.value ->> 'upto'
 ORDER BY 1, 2
