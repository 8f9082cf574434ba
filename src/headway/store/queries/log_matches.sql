-- The numbers of the log lines that a search finds behind another number. Warnings are events, and lines of the log as
-- well. The stored form is tried first: most lines are passed over without reading their JSON.
SELECT seq FROM (
    SELECT * FROM (
        SELECT seq FROM logs
         WHERE tenant = :tenant AND job = :job AND seq > :after
           AND {in name :levels} --? levels
           AND CAST(data AS text) {like} :stored ESCAPE '\' --? stored
           AND data ->> 'text' {like} :text ESCAPE '\' --? text
         ORDER BY seq LIMIT :limit) AS lines
    UNION ALL
    SELECT * FROM (
        SELECT seq FROM events
         WHERE tenant = :tenant AND job = :job AND seq > :after AND kind = 'warning'
           AND {in name :levels} --? levels
           AND data ->> 'text' {like} :text ESCAPE '\' --? text
         ORDER BY seq LIMIT :limit) AS warnings
) AS merged
 ORDER BY seq LIMIT :limit
