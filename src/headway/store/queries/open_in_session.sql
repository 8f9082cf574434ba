-- The jobs of a session that are not over, the first one first.
SELECT jobs.id FROM jobs
 WHERE jobs.tenant = :tenant AND jobs.session = :session AND jobs.ended_at IS NULL AND jobs.deleted_at IS NULL
   AND jobs.parent IS NOT NULL --? children
 ORDER BY jobs.id
