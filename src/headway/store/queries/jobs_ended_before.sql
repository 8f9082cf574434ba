-- Of the oldest jobs of a type or session: how many there are, and how many would go if those that ended by then did.
SELECT count(*), CAST(COALESCE(sum(CASE WHEN g.goes THEN 1 ELSE 0 END), 0) AS bigint)
  FROM (SELECT jobs.ended_at <= :before AND {expires} AS goes FROM jobs
         WHERE jobs.tenant = :tenant AND jobs.deleted_at IS NULL
           AND jobs.type = :type --? type
           AND (SELECT o.keep_s FROM sessions AS o WHERE o.tenant = jobs.tenant AND o.id = jobs.session) IS NULL --? type
           AND jobs.session = :session --? session
         ORDER BY jobs.id LIMIT :limit) AS g
