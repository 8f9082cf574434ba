SELECT id FROM jobs
 WHERE expires_at <= :now AND deleted_at IS NULL AND ended_at IS NOT NULL
 ORDER BY expires_at LIMIT :limit
