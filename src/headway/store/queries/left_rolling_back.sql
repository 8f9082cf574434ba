-- Jobs that are being rolled back by nobody: no rollback of theirs is open.
SELECT j.id FROM jobs AS j
 WHERE j.tenant = :tenant AND j.state = 'rolling_back' AND j.deleted_at IS NULL
   AND NOT EXISTS (SELECT 1 FROM jobs AS r
                    WHERE r.tenant = j.tenant AND r.rollback_of = j.id AND r.rollback_of IS NOT NULL
                      AND r.ended_at IS NULL AND r.deleted_at IS NULL)
 ORDER BY j.id LIMIT :limit
