-- How long types and open sessions keep their ended jobs; of sessions those that were used last.
SELECT 'type', types.type, types.keep_s FROM types WHERE types.tenant = :tenant AND types.keep_s IS NOT NULL
 UNION ALL
SELECT * FROM (SELECT 'session', s.id, s.keep_s FROM sessions AS s
                WHERE s.tenant = :tenant AND s.keep_s IS NOT NULL AND s.closed_at IS NULL
                ORDER BY s.used_at DESC, s.id LIMIT :limit) AS o
