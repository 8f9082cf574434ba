-- Jobs that have failed, the newest first, by what their errors say. Of rollbacks the last one of each job that is not
-- rolled back yet: what failed before that is over.
SELECT jobs.id, jobs.type, jobs.state_since, {error_code}, {error_message}, jobs.rollback_of FROM jobs {by jobs_resumable}
 WHERE jobs.tenant = :tenant AND jobs.state = 'failed' AND jobs.state IN ('interrupted', 'paused', 'failed')
   AND jobs.deleted_at IS NULL
   AND (jobs.rollback_of IS NULL
        OR EXISTS (SELECT 1 FROM jobs AS o WHERE o.tenant = :tenant AND o.id = jobs.rollback_of
                      AND o.state = 'rollback_failed' AND o.deleted_at IS NULL)
       AND NOT EXISTS (SELECT 1 FROM jobs AS later {by jobs_rollback_of}
                        WHERE later.tenant = :tenant AND later.rollback_of = jobs.rollback_of
                          AND later.rollback_of IS NOT NULL AND later.id > jobs.id AND later.deleted_at IS NULL))
   AND jobs.type = :type --? type
   AND jobs.session = :session --? session
   AND jobs.owner = :owner --? owner
   AND jobs.state_since >= :since --? since
 ORDER BY jobs.state_since DESC, jobs.id DESC LIMIT :limit
