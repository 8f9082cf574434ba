INSERT INTO sessions (tenant, id, created_at) VALUES (0, 'default.yaml', :now)
ON CONFLICT (tenant, id) DO NOTHING
