-- The newest job of a type that a session had before another one. In the session of everything that names none the type
-- is the narrower; elsewhere the session is.
SELECT {job_columns}
  FROM jobs {by jobs_type} --? by_type
  FROM jobs {by jobs_session} --? no by_type
 WHERE jobs.tenant = :tenant AND jobs.type = :type AND jobs.session = :session AND jobs.id < :id
   AND jobs.deleted_at IS NULL
 ORDER BY jobs.id DESC LIMIT 1
