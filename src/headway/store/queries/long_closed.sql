-- Sessions that were closed long ago and of which no job is left.
SELECT s.id FROM sessions AS s
 WHERE s.tenant = :tenant AND s.closed_at < :before
   AND NOT EXISTS (SELECT 1 FROM jobs AS j WHERE j.tenant = s.tenant AND j.session = s.id)
 LIMIT :limit
