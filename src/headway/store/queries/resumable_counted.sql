-- How many jobs are in a state from which a person may send them on; no more are counted than are asked for.
SELECT count(*) FROM (
    SELECT 1 FROM jobs {by jobs_resumable}
     WHERE jobs.tenant = :tenant AND jobs.state = :state AND jobs.state IN ('interrupted', 'paused', 'failed')
       AND jobs.deleted_at IS NULL
       AND (jobs.state <> 'failed' OR jobs.rollback_of IS NULL)
       AND jobs.session = :session --? session
       AND jobs.state_since >= :since --? since
     LIMIT :limit) AS found
