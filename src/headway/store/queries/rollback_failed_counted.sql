-- How many jobs there are whose rollback has failed; no more are counted than are asked for.
SELECT count(*) FROM (
    SELECT 1 FROM jobs {by jobs_ended}
     WHERE jobs.tenant = :tenant AND jobs.state = 'rollback_failed' AND jobs.ended_at IS NOT NULL
       AND jobs.deleted_at IS NULL
       AND jobs.session = :session --? session
       AND jobs.ended_at >= :since --? since
     LIMIT :limit) AS found
