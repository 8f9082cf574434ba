-- The numbers of the log lines that a search finds behind another number, each with how many there are in the whole log.
-- Warnings are events, and lines of the log as well. The stored form is tried first: most lines are passed over without
-- reading their JSON.
SELECT seq, n FROM (
    SELECT seq, count(*) OVER () AS n FROM (
        SELECT seq, name, data FROM logs WHERE tenant = :tenant AND job = :job
        UNION ALL
        SELECT seq, name, data FROM events WHERE tenant = :tenant AND job = :job AND kind = 'warning') AS said
     WHERE 1 = 1
       AND {in name :levels} --? levels
       AND CAST(data AS text) {like} :stored ESCAPE '\' --? stored
       AND data ->> 'text' {like} :text ESCAPE '\' --? text
) AS found
 WHERE seq > :after
 ORDER BY seq LIMIT :limit
