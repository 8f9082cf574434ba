-- Whether anything was stored in a session: a job, also one that is marked as deleted, or a save beside the first.
SELECT 1 FROM jobs WHERE tenant = :tenant AND session = :session
UNION ALL
SELECT 1 FROM sessions WHERE tenant = :tenant AND id = :session AND (config_version > 1 OR CAST(config AS text) <> '{}')
LIMIT 1
