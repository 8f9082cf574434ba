-- Jobs in one state from which a person may send them on, the newest stop first. What goes on by itself, as its type or
-- a rule for it says, is the business of the sweep; a failed rollback is taken up by a rollback of its original.
SELECT {job_columns} FROM jobs {by jobs_resumable}
 WHERE jobs.tenant = :tenant AND jobs.state = :state AND jobs.state IN ('interrupted', 'paused', 'failed')
   AND jobs.deleted_at IS NULL
   AND (jobs.state <> 'failed' OR jobs.rollback_of IS NULL)
   AND (jobs.state <> 'interrupted' OR jobs.outside OR NOT EXISTS (
        SELECT 1 FROM attempts AS a LEFT JOIN types AS t ON t.tenant = :tenant AND t.type = jobs.type
          LEFT JOIN recovery_rules AS rule ON rule.tenant = :tenant AND rule.type = jobs.type
         WHERE a.tenant = jobs.tenant AND a.job = jobs.id AND a.attempt = jobs.attempt
           AND (a.outcome = 'lose' AND (t.recover OR jobs.rollback_of IS NOT NULL)
                OR a.outcome IN ('lose', 'leave') AND rule.type IS NOT NULL)))
   AND jobs.session = :session --? session
   AND jobs.state_since >= :since --? since
   AND (jobs.state_since, jobs.id) < (:before, :before_id) --? before
 ORDER BY jobs.state_since DESC, jobs.id DESC LIMIT :limit
