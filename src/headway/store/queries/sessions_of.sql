SELECT id, config, config_version, job_type, concurrency, created_at FROM sessions WHERE tenant = :tenant AND id = :id
