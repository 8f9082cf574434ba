-- The key of a call that is under way: it has no job until the call is done.
INSERT INTO idempotency (tenant, actor, verb, key, request, job, created_at)
VALUES (:tenant, :actor, :verb, :key, :request, '', :created_at)
ON CONFLICT (tenant, actor, verb, key) DO NOTHING
RETURNING key
