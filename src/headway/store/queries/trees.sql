-- Jobs with everything below them: children, and the rollback of each. top: the job that was asked for.
WITH RECURSIVE below(top, id) AS (
    SELECT jobs.id, jobs.id FROM jobs
     WHERE jobs.tenant = :tenant AND {in jobs.id :ids} AND jobs.deleted_at IS NULL
    UNION
    SELECT below.top, j.id FROM below JOIN jobs AS j ON j.tenant = :tenant
       AND (j.parent = below.id OR j.rollback_of = below.id) AND j.deleted_at IS NULL)
SELECT below.top, jobs.id, jobs.number, jobs.name, jobs.state, jobs.ended_at IS NULL AS is_open, jobs.pinned
  FROM below JOIN jobs ON jobs.tenant = :tenant AND jobs.id = below.id
 ORDER BY jobs.id
