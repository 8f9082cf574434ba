-- The configuration of a session changes: the next version.
UPDATE sessions SET config = :config, config_version = config_version + 1, concurrency = :concurrency,
                    job_type = :job_type, used_at = :now
 WHERE tenant = :tenant AND id = :id
RETURNING config_version
