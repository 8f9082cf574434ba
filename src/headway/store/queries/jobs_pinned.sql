-- How many jobs are pinned; no more are counted than are asked for.
SELECT count(*) FROM (
    SELECT 1 FROM jobs {by jobs_pinned} WHERE jobs.tenant = :tenant AND jobs.pinned AND jobs.deleted_at IS NULL
     LIMIT :limit) AS found
