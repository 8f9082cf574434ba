-- A session that this release has just made begins with the first version of its configuration.
INSERT INTO session_versions (tenant, session, version, config, saved_at)
SELECT s.tenant, s.id, s.config_version, s.config, s.created_at FROM sessions AS s
 WHERE NOT EXISTS (SELECT 1 FROM session_versions AS v WHERE v.tenant = s.tenant AND v.session = s.id)
