-- A call that came to nothing leaves its key free, and so does one whose server has died, after a while.
DELETE FROM idempotency
 WHERE tenant = :tenant AND actor = :actor AND verb = :verb AND key = :key AND job = '' AND created_at <= :before
