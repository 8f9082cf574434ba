-- The configuration of a session changes: the next version. An owner or a span that is not given stays; 0 is none.
UPDATE sessions SET config = :config, config_version = config_version + 1, concurrency = :concurrency,
                    job_type = :job_type, used_at = :now, owner = COALESCE(:owner, owner),
                    idle_s = NULLIF(COALESCE(CAST(:idle_s AS double precision), idle_s), 0),
                    keep_s = NULLIF(COALESCE(CAST(:keep_s AS double precision), keep_s), 0)
 WHERE tenant = :tenant AND id = :id
RETURNING config_version
