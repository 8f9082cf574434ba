SELECT s.id, s.job_type FROM sessions AS s
 WHERE s.tenant = :tenant AND {begins s.id :prefix} AND s.closed_at IS NULL
 ORDER BY {sorted s.id} LIMIT :limit
