DELETE FROM idempotency
 WHERE tenant = :tenant AND actor = :actor AND verb = :verb AND key = :key AND created_at < :before
