SELECT id, host, pid, slots, queues, types, started_at, seen_at, stopped_at, clock_skew_s, place, born
  FROM workers
 WHERE tenant = :tenant AND seen_at >= :since
 ORDER BY started_at DESC
