-- The saves of a session, newest first.
SELECT session, version, config, author, note, saved_at FROM session_versions
 WHERE tenant = :tenant AND session = :session
   AND version = :version --? version
   AND version < :before --? before
 ORDER BY version DESC
 LIMIT :limit
