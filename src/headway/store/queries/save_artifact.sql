-- The first content under a name stays: an artifact counts once per job, whatever the number of attempts.
INSERT INTO artifacts (tenant, job, name, content, saved_at)
VALUES (:tenant, :job, :name, :content, :saved_at)
ON CONFLICT (tenant, job, name) DO NOTHING
