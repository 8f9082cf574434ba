-- Jobs that have failed, the newest first, by what their errors say.
SELECT jobs.id, jobs.type, jobs.state_since, {error_code}, {error_message} FROM jobs {by jobs_resumable}
 WHERE jobs.tenant = :tenant AND jobs.state = 'failed' AND jobs.state IN ('interrupted', 'paused', 'failed')
   AND jobs.deleted_at IS NULL
   AND jobs.type = :type --? type
   AND jobs.session = :session --? session
   AND jobs.owner = :owner --? owner
   AND jobs.state_since >= :since --? since
 ORDER BY jobs.state_since DESC, jobs.id DESC LIMIT :limit
