INSERT INTO idempotency (tenant, actor, verb, key, request, job, created_at)
VALUES (:tenant, :actor, :verb, :key, :request, :job, :created_at)
ON CONFLICT (tenant, actor, verb, key) DO NOTHING
RETURNING job
