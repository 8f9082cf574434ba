-- Only what is over, holds no open child and is not being rolled back.
UPDATE jobs SET deleted_at = :now, version = version + 1
 WHERE tenant = :tenant AND id = :id AND ended_at IS NOT NULL AND deleted_at IS NULL
   AND NOT EXISTS (SELECT 1 FROM jobs AS c WHERE c.tenant = jobs.tenant AND c.parent = jobs.id
                                             AND c.ended_at IS NULL AND c.deleted_at IS NULL)
RETURNING id, state, session
