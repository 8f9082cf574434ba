SELECT key, position, state, attempts, value, size, hash, status_code, duplicate_of, data,
       attempts - forgiven
  FROM items
 WHERE tenant = :tenant AND job = :job AND ledger = :ledger AND {in key :keys}
