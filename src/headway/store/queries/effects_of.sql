-- What jobs have done outside themselves, as far as they told: undos that still stand, by type, and artifacts.
SELECT u.job, 'undo' AS kind, u.type AS name, count(*) AS n FROM undos AS u
 WHERE u.tenant = :tenant AND {in u.job :jobs} AND u.state <> 'done'
 GROUP BY u.job, u.type
UNION ALL
SELECT f.job, 'artifact', f.name, 1 FROM artifacts AS f
 WHERE f.tenant = :tenant AND {in f.job :jobs}
 ORDER BY 1, 2 DESC, 3
