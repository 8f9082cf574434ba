-- Jobs whose rollback has failed, the newest failure first: a person may roll them back again.
SELECT {job_columns} FROM jobs {by jobs_ended}
 WHERE jobs.tenant = :tenant AND jobs.state = 'rollback_failed' AND jobs.ended_at IS NOT NULL
   AND jobs.deleted_at IS NULL
   AND jobs.session = :session --? session
   AND jobs.ended_at >= :since --? since
   AND (jobs.ended_at, jobs.id) < (:before, :before_id) --? before
 ORDER BY jobs.ended_at DESC, jobs.id DESC LIMIT :limit
