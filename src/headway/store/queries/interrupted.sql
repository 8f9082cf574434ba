-- Interrupted jobs whose type recovers by itself; a rollback always does.
SELECT jobs.tenant, jobs.id, jobs.attempt, jobs.losses FROM jobs
  LEFT JOIN types ON types.tenant = jobs.tenant AND types.type = jobs.type
 WHERE jobs.state = 'interrupted' AND NOT jobs.outside AND jobs.deleted_at IS NULL
   AND (types.recover OR jobs.rollback_of IS NOT NULL)
   AND (SELECT a.outcome FROM attempts AS a
         WHERE a.tenant = jobs.tenant AND a.job = jobs.id AND a.attempt = jobs.attempt) = 'lose'
 ORDER BY jobs.id LIMIT :limit
