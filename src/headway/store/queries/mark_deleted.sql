-- Only what is over; the rows themselves go in chunks.
UPDATE jobs SET deleted_at = :now, version = version + 1
 WHERE tenant = :tenant AND {in jobs.id :ids} AND ended_at IS NOT NULL AND deleted_at IS NULL
RETURNING id, state, session
