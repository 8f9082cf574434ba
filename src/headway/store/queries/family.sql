-- How far the children of a job are: what is rolled up into it, and which of them could be run now.
SELECT jobs.id, jobs.type, jobs.queue, jobs.state, jobs.ended_at IS NOT NULL, jobs.weight,
       CAST(jobs.progress ->> 'percent' AS float8), jobs.due_at, jobs.outside
  FROM jobs
 WHERE jobs.tenant = :tenant AND jobs.parent = :parent AND jobs.deleted_at IS NULL
 ORDER BY jobs.priority DESC, jobs.id
