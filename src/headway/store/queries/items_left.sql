-- Both conditions on the state: by the second one SQLite knows that the index of what is left serves.
SELECT key, position, state, attempts, value, size, hash, status_code, duplicate_of, data,
       attempts - forgiven
  FROM items
 WHERE tenant = :tenant AND job = :job AND ledger = :ledger AND state = 'pending' AND state <> 'done'
   AND position > :after
 ORDER BY position LIMIT :limit
