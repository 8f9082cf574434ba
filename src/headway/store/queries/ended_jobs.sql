-- Ended jobs after an id that go by themselves, of a type or a session.
SELECT jobs.id FROM jobs
 WHERE jobs.tenant = :tenant AND jobs.id > :after AND jobs.ended_at IS NOT NULL AND jobs.deleted_at IS NULL AND {expires}
   AND jobs.type = :type --? type
   AND jobs.session = :session --? session
 ORDER BY jobs.id LIMIT :limit
