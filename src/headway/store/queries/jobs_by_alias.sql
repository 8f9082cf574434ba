-- The newest job of each kind of alias that has this text.
SELECT aliases.kind, {job_columns} FROM aliases
  JOIN jobs ON jobs.tenant = aliases.tenant AND jobs.id = aliases.job
 WHERE aliases.tenant = :tenant AND aliases.text = :text AND jobs.deleted_at IS NULL
   AND aliases.kind = :kind --? kind
 ORDER BY aliases.job DESC
 LIMIT 20
