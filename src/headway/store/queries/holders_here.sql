-- Executing jobs whose worker ran on this machine since its start, where a look tells whether it still lives.
SELECT jobs.id, jobs.attempt, jobs.lease_until, {lease_now} - jobs.lease_until, workers.id, workers.pid, workers.born
  FROM jobs
  JOIN workers ON workers.id = jobs.worker
 WHERE jobs.state IN ('running', 'pausing', 'cancelling') AND jobs.deleted_at IS NULL AND workers.place = :place
