SELECT jobs.id FROM jobs
 WHERE jobs.tenant = :tenant AND jobs.context_id = :context_id AND jobs.one_per_context AND jobs.ended_at IS NULL
   AND jobs.deleted_at IS NULL
