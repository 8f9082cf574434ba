-- One search for each key. Without statistics, as on a table that has just grown, PostgreSQL may go over the whole
-- ledger for a list of them.
SELECT i.key, i.position, i.state, i.attempts, i.value, i.size, i.hash, i.status_code, i.duplicate_of, i.data,
       i.attempts - i.forgiven
  FROM unnest(:keys::text[]) AS k(key)
 CROSS JOIN LATERAL (
    SELECT * FROM items
     WHERE items.tenant = :tenant AND items.job = :job AND items.ledger = :ledger AND items.key = k.key LIMIT 1
 ) AS i
