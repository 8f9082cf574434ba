SELECT request, job, created_at FROM idempotency
 WHERE tenant = :tenant AND actor = :actor AND verb = :verb AND key = :key
