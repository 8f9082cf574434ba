-- How many open children these jobs have in each state.
SELECT jobs.parent, jobs.state, count(*) FROM jobs
 WHERE jobs.tenant = :tenant AND {in jobs.parent :parents} AND jobs.ended_at IS NULL AND jobs.deleted_at IS NULL
 GROUP BY jobs.parent, jobs.state
