-- How many jobs of each type are open, by state.
SELECT type, state, count(*) FROM jobs {by jobs_open}
 WHERE tenant = :tenant AND ended_at IS NULL AND deleted_at IS NULL
 GROUP BY type, state
