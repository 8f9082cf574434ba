-- Rows are locked in one order, by id, whatever plan the update takes: two batches never wait for each other. What is
-- asked of nth_given is always true: see rows in store/sql.py.
SELECT jobs.id FROM unnest(:ids::text[]) WITH ORDINALITY AS given(id, nth_given)
  JOIN jobs ON jobs.tenant = :tenant AND jobs.id = given.id
 WHERE given.nth_given BETWEEN 1 AND 2147483647
 ORDER BY jobs.tenant, jobs.id FOR NO KEY UPDATE OF jobs
