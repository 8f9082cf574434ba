-- A new session, or one that was closed begun anew: its versions are numbered on, since older jobs name theirs.
-- One that is open stays as it is, and no row comes back.
INSERT INTO sessions (tenant, id, owner, config, config_version, job_type, concurrency, created_at, used_at, idle_s, keep_s)
VALUES (:tenant, :id, :owner, :config, 1, :job_type, :concurrency, :now, :now, :idle_s, :keep_s)
ON CONFLICT (tenant, id) DO UPDATE SET
    owner = excluded.owner, config = excluded.config, config_version = sessions.config_version + 1,
    job_type = excluded.job_type, concurrency = excluded.concurrency, created_at = excluded.created_at,
    used_at = excluded.used_at, idle_s = excluded.idle_s, keep_s = excluded.keep_s, closed_at = NULL,
    keep_after = CASE WHEN sessions.keep_s IS DISTINCT FROM excluded.keep_s THEN '' ELSE sessions.keep_after END
 WHERE sessions.closed_at IS NOT NULL
RETURNING config_version
