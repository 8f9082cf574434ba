-- A rule that is made once more is told anew.
INSERT INTO recovery_rules (tenant, type, made_at, told)
VALUES (:tenant, :type, :made_at, :told)
ON CONFLICT (tenant, type) DO UPDATE SET made_at = excluded.made_at, told = excluded.told
