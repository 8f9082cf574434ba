-- The newest job of each kind of alias that has this text: external ids first, then a context. A context may have any
-- number of jobs, so the kinds are hopped over in the index instead of reading all that lie between them.
WITH RECURSIVE kinds(kind) AS (
    SELECT min(a.kind) FROM aliases AS a WHERE a.tenant = :tenant AND a.text = :text
    UNION ALL
    SELECT (SELECT min(a.kind) FROM aliases AS a WHERE a.tenant = :tenant AND a.text = :text AND a.kind > kinds.kind)
      FROM kinds WHERE kinds.kind IS NOT NULL)
SELECT kinds.kind, {job_columns} FROM kinds
  JOIN jobs ON jobs.tenant = :tenant AND jobs.id = (
        SELECT a.job FROM aliases AS a
          JOIN jobs AS j ON j.tenant = a.tenant AND j.id = a.job
         WHERE a.tenant = :tenant AND a.text = :text AND a.kind = kinds.kind AND j.deleted_at IS NULL
         ORDER BY a.job DESC LIMIT 1)
 WHERE kinds.kind = :kind --? kind
 ORDER BY kinds.kind = 'context', kinds.kind
