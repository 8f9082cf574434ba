-- Sessions by id, with how many of their jobs are open and how many hold a place: the limit knows that exactly; where
-- there is none, those that execute are counted.
SELECT s.id, s.owner, s.config, s.config_version, s.job_type, s.concurrency,
       COALESCE(l.used, t.executing, 0), COALESCE(t.unended, 0), s.created_at, s.used_at, s.idle_s, s.keep_s
  FROM sessions AS s
  LEFT JOIN limits AS l ON l.tenant = s.tenant AND l.key = 'session:' || s.id
  LEFT JOIN (SELECT c.session, CAST(sum(CASE WHEN x.ended THEN 0 ELSE c.change END) AS bigint) AS unended,
                    CAST(sum(CASE WHEN x.executing THEN c.change ELSE 0 END) AS bigint) AS executing
               FROM tallies AS c JOIN states AS x ON x.state = c.state
              WHERE c.tenant = :tenant
                AND c.session = :id --? id
              GROUP BY c.session) AS t ON t.session = s.id
 WHERE s.tenant = :tenant AND s.closed_at IS NULL
   AND s.id = :id --? id
   AND s.id > :after --? after
 ORDER BY s.id
 LIMIT :limit
