SELECT key, state, attempts, value, size, hash, data, error, updated_at, ledger FROM items
 WHERE tenant = :tenant AND job = :job AND ledger = :ledger
   AND key > :after --? after
   AND state = :state --? state
 ORDER BY key LIMIT :limit
