-- How many undos of jobs are not done, by job, with the input of the newest rollback of each: how far that went.
SELECT u.job, COUNT(*),
       (SELECT r.input FROM jobs AS r {by jobs_rollback_of}
         WHERE r.tenant = u.tenant AND r.rollback_of = u.job AND r.rollback_of IS NOT NULL AND r.deleted_at IS NULL
         ORDER BY r.id DESC LIMIT 1)
  FROM undos AS u
 WHERE u.tenant = :tenant AND {in u.job :jobs} AND u.state <> 'done'
 GROUP BY u.tenant, u.job
