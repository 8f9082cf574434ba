-- Ended jobs that go by themselves before a moment, by what says how long they stay: their session, else their type.
-- No more are looked at than are asked for.
SELECT g.kind, g.name, max(g.keep_s), CAST(sum(CASE WHEN g.expires_at <= :now THEN 1 ELSE 0 END) AS bigint), count(*)
  FROM (SELECT CASE WHEN o.keep_s IS NULL THEN 'type' ELSE 'session' END AS kind,
               CASE WHEN o.keep_s IS NULL THEN jobs.type ELSE jobs.session END AS name,
               COALESCE(o.keep_s, t.keep_s) AS keep_s, jobs.expires_at
          FROM jobs {by jobs_expiring}
          JOIN sessions AS o ON o.tenant = jobs.tenant AND o.id = jobs.session
          LEFT JOIN types AS t ON t.tenant = jobs.tenant AND t.type = jobs.type
         WHERE jobs.expires_at <= :until AND jobs.deleted_at IS NULL AND jobs.ended_at IS NOT NULL
           AND jobs.tenant = :tenant
         ORDER BY jobs.expires_at LIMIT :limit) AS g
 GROUP BY g.kind, g.name
