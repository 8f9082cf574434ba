-- What jobs have done outside themselves, as far as they told: undos that still stand, by type, with the first ten steps
-- that recorded one, and artifacts.
SELECT job, kind, name, n, step FROM (
    SELECT u.job, 'undo' AS kind, u.type AS name, sum(count(*)) OVER (PARTITION BY u.job, u.type) AS n, u.step,
           row_number() OVER (PARTITION BY u.job, u.type ORDER BY min(u.position)) AS place
      FROM undos AS u
     WHERE u.tenant = :tenant AND {in u.job :jobs} AND u.state <> 'done'
     GROUP BY u.job, u.type, u.step) AS standing
 WHERE place <= 10
UNION ALL
SELECT f.job, 'artifact', f.name, 1, NULL FROM artifacts AS f
 WHERE f.tenant = :tenant AND {in f.job :jobs}
 ORDER BY 1, 2 DESC, 3, 5
