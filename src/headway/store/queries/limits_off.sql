-- Limits whose count is not that of the jobs that hold a place; one that waits for its children holds none.
SELECT l.key FROM limits AS l
  LEFT JOIN (SELECT j.limit_key, count(*) AS running FROM jobs AS j
              WHERE j.tenant = :tenant AND j.state IN ('running', 'pausing', 'cancelling') AND NOT j.waiting
                AND j.limit_key IS NOT NULL AND j.deleted_at IS NULL
              GROUP BY j.limit_key) AS c ON c.limit_key = l.key
 WHERE l.tenant = :tenant AND l.used <> COALESCE(c.running, 0)
