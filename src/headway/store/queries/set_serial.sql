UPDATE jobs SET serial = :serial, version = version + 1, losses = 0
 WHERE tenant = :tenant AND id = :id AND attempt = :attempt AND serial < :serial
   AND state IN ('running', 'pausing', 'cancelling') AND deleted_at IS NULL
RETURNING state
