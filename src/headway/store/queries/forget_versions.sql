DELETE FROM session_versions WHERE tenant = :tenant AND session = :session
