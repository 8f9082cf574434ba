-- Of the newest attempts that were cut off, those whose jobs have gone on since: when, and how the job is now.
SELECT a.ended_at, j.id, j.state FROM (
    SELECT tenant, job, attempt, ended_at FROM attempts {by attempts_cut_off}
     WHERE tenant = :tenant AND outcome IN ('lose', 'leave') ORDER BY ended_at DESC LIMIT :limit) AS a
  JOIN jobs AS j ON j.tenant = a.tenant AND j.id = a.job AND j.attempt > a.attempt AND j.deleted_at IS NULL
 ORDER BY a.ended_at DESC
