-- The history after a number, oldest first: events and log lines share their numbers and are merged here.
SELECT * FROM (
    SELECT * FROM (
        SELECT seq, at, kind, name, attempt, data FROM events
         WHERE tenant = :tenant AND job = :job AND seq > :after ORDER BY seq LIMIT :limit) AS story
    UNION ALL --? logs
    SELECT * FROM ( --? logs
        SELECT seq, at, kind, name, attempt, data FROM logs --? logs
         WHERE tenant = :tenant AND job = :job AND seq > :after ORDER BY seq LIMIT :limit) AS lines --? logs
) AS merged
 ORDER BY seq LIMIT :limit
