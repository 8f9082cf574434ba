-- There are as many workers as there were processes lately: few.
SELECT w.id, w.host, w.pid, w.stopped_at, w.seen_at FROM workers AS w
 WHERE w.tenant = :tenant AND {begins w.id :prefix}
 ORDER BY w.seen_at DESC LIMIT :limit
