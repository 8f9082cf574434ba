-- Sessions that nobody has acted on for as long as they may be idle. Whether their jobs were, is asked under a lock.
-- The default one is never closed.
SELECT id FROM sessions
 WHERE id <> :default AND idle_s IS NOT NULL AND closed_at IS NULL AND used_at <= :now - idle_s
 ORDER BY tenant, used_at LIMIT :limit
