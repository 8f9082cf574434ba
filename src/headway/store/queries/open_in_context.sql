-- By its alias: the index that keeps contexts to one open job is no help where the value of the flag is not written out.
SELECT jobs.id FROM aliases AS a JOIN jobs ON jobs.tenant = a.tenant AND jobs.id = a.job
 WHERE a.tenant = :tenant AND a.text = :context_id AND a.kind = 'context'
   AND jobs.one_per_context AND jobs.ended_at IS NULL AND jobs.deleted_at IS NULL
