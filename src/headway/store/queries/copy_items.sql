-- What has failed is to be tried again.
INSERT INTO items (tenant, job, ledger, key, position, state, attempts, value, size, hash, status_code, duplicate_of, data,
                   error, updated_at, forgiven)
SELECT tenant, :to_job, ledger, key, position, CASE WHEN state = 'failed' THEN 'pending' ELSE state END, attempts, value,
       size, hash, status_code, duplicate_of, data, error, updated_at, attempts
  FROM items
 WHERE tenant = :tenant AND job = :job AND ledger = :ledger
   AND key > :after --? after
   AND key <= :upto --? upto
ON CONFLICT (tenant, job, ledger, key) DO NOTHING
