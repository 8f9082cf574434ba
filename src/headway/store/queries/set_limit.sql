-- So many may run at once under a key.
INSERT INTO limits (tenant, key, most) VALUES (:tenant, :key, :most)
ON CONFLICT (tenant, key) DO UPDATE SET most = excluded.most
