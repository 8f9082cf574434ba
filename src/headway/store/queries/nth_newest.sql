-- The id that lies so many jobs behind the newest, or behind a cursor: how far a look through texts goes at once.
SELECT jobs.id FROM jobs
 WHERE jobs.tenant = :tenant
   AND jobs.id < :after --? after
 ORDER BY jobs.id DESC LIMIT 1 OFFSET :n
