-- Hold the row of a job that is to get a child, if its attempt may still write. Its state tells whether it may spawn:
-- what a pause or cancel of the tree has listed must be all there is.
UPDATE jobs SET version = jobs.version + 1
 WHERE jobs.tenant = :tenant AND jobs.id = :id AND jobs.attempt = :attempt
   AND jobs.state IN ('running', 'pausing', 'cancelling') AND jobs.deleted_at IS NULL
RETURNING jobs.state, jobs.version
