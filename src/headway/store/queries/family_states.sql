-- How many open children these jobs have in each state; those that wait for a worker by their type and queue.
SELECT waited.parent, waited.state, waited.type, waited.queue, count(*)
  FROM (SELECT jobs.parent, jobs.state, jobs.queue,
               CASE WHEN jobs.state = 'pending' AND NOT jobs.outside THEN jobs.type END AS type
          FROM jobs
         WHERE jobs.tenant = :tenant AND {in jobs.parent :parents} AND jobs.ended_at IS NULL
           AND jobs.deleted_at IS NULL) AS waited
 GROUP BY waited.parent, waited.state, waited.type, waited.queue
