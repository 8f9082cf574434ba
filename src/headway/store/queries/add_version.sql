INSERT INTO session_versions (tenant, session, version, config, author, note, saved_at)
VALUES (:tenant, :session, :version, :config, :author, :note, :now)
