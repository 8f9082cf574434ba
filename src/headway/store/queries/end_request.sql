UPDATE idempotency SET job = :job
 WHERE tenant = :tenant AND actor = :actor AND verb = :verb AND key = :key AND request = :request AND job = ''
