-- Both conditions on the state: by the second one SQLite knows that the index of what is left serves.
SELECT 1 FROM items
 WHERE tenant = :tenant AND job = :job AND ledger = :ledger AND state = 'pending' AND state <> 'done'
   AND size IS NULL
 LIMIT 1
