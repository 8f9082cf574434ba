-- By key, but those of a state that few have in their own index, in the order in which they were added.
SELECT key, state, attempts, value, size, hash, data, error, updated_at, ledger, status_code, duplicate_of, position
  FROM items
 WHERE tenant = :tenant AND job = :job AND ledger = :ledger
   AND key > :after --? after
   AND state = :state --? state
   AND state <> 'done' --? by_position
   AND position > :behind --? by_position
 ORDER BY position, key LIMIT :limit --? by_position
 ORDER BY key LIMIT :limit --? no by_position
